package io.backgroundjobs.sample;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import io.backgroundjobs.JobState;

/**
 * A photo as JSON shows it.
 *
 * @param id the photo's identifier
 * @param jobId the identifier of its job, if this run of the application spawned one
 * @param state the state of its job
 * @param progress how far its thumbnails are, in percent
 * @param thumbnails the address of each thumbnail by the name of its size; empty until
 * all are made
 * @param error why there are no thumbnails and will be none
 */
record PhotoView(String id, @Nullable String jobId, JobState state, int progress, Map<String, String> thumbnails,
		@Nullable String error) {

	static PhotoView of(Photo photo) {
		String jobId = (photo.job() != null) ? photo.job().id() : null;
		JobState state = photo.state();
		Map<String, String> thumbnails = new TreeMap<>();
		if (state == JobState.SUCCEEDED) {
			Arrays.stream(ThumbnailSize.values())
				.forEach((size) -> thumbnails.put(size.toString(), "/photos/" + photo.id() + "/thumbnails/" + size));
		}
		return new PhotoView(photo.id(), jobId, state, photo.progress(), thumbnails, photo.error());
	}

}

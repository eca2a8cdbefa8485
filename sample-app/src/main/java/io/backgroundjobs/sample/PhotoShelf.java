package io.backgroundjobs.sample;

import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.annotation.PostConstruct;
import org.springframework.core.io.InputStreamSource;
import org.springframework.stereotype.Service;
import org.springframework.util.unit.DataSize;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobRejectedException;
import io.backgroundjobs.JobSpawner;

/**
 * The shelf itself: which photos are on it, and the job of each.
 */
@Service
class PhotoShelf {

	private static final JobOptions MAKE_THUMBNAILS = JobOptions.named("make-thumbnails").pool("thumbnails");

	private final Map<String, Photo> photos = new ConcurrentHashMap<>();

	private final PhotoStore store;

	private final ThumbnailMaker thumbnails;

	private final FinishedPhotos finished;

	private final JobSpawner jobs;

	PhotoShelf(PhotoStore store, ThumbnailMaker thumbnails, FinishedPhotos finished, JobSpawner jobs) {
		this.store = store;
		this.thumbnails = thumbnails;
		this.finished = finished;
		this.jobs = jobs;
	}

	/**
	 * A photo is done once its record is there: a kill may have come after its last
	 * thumbnail and before that.
	 */
	@PostConstruct
	void load() throws IOException {
		Set<String> recorded = this.finished.ids();
		this.store.load()
			.forEach((photo) -> this.photos.put(photo.id(), recorded.contains(photo.id()) ? photo : photo.undone()));
	}

	/**
	 * Put a photo on the shelf, and have its thumbnails made.
	 * @throws PhotoRefusedException if it is no photo, or too large
	 * @throws JobRejectedException if there is no room for its job; the photo is not kept
	 */
	Photo add(InputStreamSource content) throws IOException {
		Photo saved = this.store.save(content);
		try {
			Photo photo = saved.withJob(this.jobs.spawn(MAKE_THUMBNAILS, thumbnailsOf(saved)));
			this.photos.put(photo.id(), photo);
			return photo;
		}
		catch (JobRejectedException ex) {
			this.store.delete(saved);
			throw ex;
		}
	}

	/**
	 * Give the photos whose jobs were lost when the application was killed a new one, as
	 * long as there is room.
	 * @return how many photos got one
	 */
	int spawnLostJobs() {
		List<Photo> waiting = photos().stream().filter(Photo::needsJob).toList();
		int spawned = 0;
		for (Photo photo : waiting) {
			Optional<Job<DataSize>> job = this.jobs.trySpawn(MAKE_THUMBNAILS, thumbnailsOf(photo));
			if (job.isEmpty()) {
				break;
			}
			if (this.photos.replace(photo.id(), photo, photo.withJob(job.get()))) {
				spawned++;
			}
			else {
				job.get().cancel(); // the photo was removed meanwhile
			}
		}
		return spawned;
	}

	/**
	 * Cancel a photo's job and remove its files.
	 * @return whether the photo was on the shelf
	 */
	boolean remove(String id) throws IOException {
		Photo photo = this.photos.remove(id);
		if (photo == null) {
			return false;
		}
		if (photo.job() != null) {
			photo.job().cancel();
		}
		this.store.delete(photo);
		return true;
	}

	Optional<Photo> find(String id) {
		return Optional.ofNullable(this.photos.get(id));
	}

	/**
	 * Return all photos, the latest first.
	 */
	List<Photo> photos() {
		return this.photos.values().stream().sorted(Comparator.comparing(Photo::addedAt).reversed()).toList();
	}

	/**
	 * Return the photos that were added before an instant.
	 */
	List<Photo> photosBefore(Instant instant) {
		return this.photos.values().stream().filter((photo) -> photo.addedAt().isBefore(instant)).toList();
	}

	private JobBody<DataSize> thumbnailsOf(Photo photo) {
		return (job) -> {
			DataSize size = this.thumbnails.make(photo, job);
			this.finished.add(photo, size);
			return size;
		};
	}

}

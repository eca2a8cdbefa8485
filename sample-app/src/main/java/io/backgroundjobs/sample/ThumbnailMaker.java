package io.backgroundjobs.sample;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

import net.coobird.thumbnailator.Thumbnails;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

import io.backgroundjobs.JobContext;

/**
 * The work of a photo's job: makes its thumbnails.
 */
@Component
class ThumbnailMaker {

	private final PhotoStore store;

	private final PhotoDecoder decoder;

	ThumbnailMaker(PhotoStore store, PhotoDecoder decoder) {
		this.store = store;
		this.decoder = decoder;
	}

	/**
	 * Make all thumbnails of a photo.
	 * @return how much room they take
	 * @throws UnreadablePhotoException if the photo cannot be decoded
	 * @throws InterruptedException if the job was cancelled
	 */
	DataSize make(Photo photo, JobContext job) throws IOException, InterruptedException {
		ThumbnailSize[] sizes = ThumbnailSize.values();
		int steps = 1 + sizes.length;
		job.progress(0, steps);
		BufferedImage image = this.decoder.decode(this.store.original(photo), sizes[0]);
		job.progress(1, steps);
		long bytes = 0;
		for (int i = 0; i < sizes.length; i++) {
			// Not isStopping(): a shutdown gives jobs time to finish, a cancel does not.
			if (Thread.interrupted()) {
				throw new InterruptedException("The job was cancelled.");
			}
			image = shrink(image, sizes[i]);
			byte[] content = encode(image, photo.type());
			this.store.saveThumbnail(photo, sizes[i], content);
			bytes += content.length;
			job.progress(2 + i, steps);
		}
		return DataSize.ofBytes(bytes);
	}

	private static BufferedImage shrink(BufferedImage image, ThumbnailSize size) throws IOException {
		int edge = size.edgeFor(Math.max(image.getWidth(), image.getHeight()));
		return Thumbnails.of(image).size(edge, edge).asBufferedImage();
	}

	private static byte[] encode(BufferedImage image, ImageType type) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		Thumbnails.of(image).scale(1).outputFormat(type.extension()).toOutputStream(out);
		return out.toByteArray();
	}

}

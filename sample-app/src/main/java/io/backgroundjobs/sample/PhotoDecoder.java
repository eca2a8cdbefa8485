package io.backgroundjobs.sample;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

import net.coobird.thumbnailator.Thumbnails;
import org.springframework.stereotype.Component;

/**
 * Turns a photo's file into a picture, but not into one that fills the memory.
 */
@Component
class PhotoDecoder {

	static {
		// ImageIO's cache files are closed by a shutdown hook of the JDK at once, under
		// jobs that the shutdown waits for.
		ImageIO.setUseCache(false);
	}

	private final long maxPixels;

	PhotoDecoder(PhotoProperties properties) {
		this.maxPixels = properties.maxPixels();
	}

	/**
	 * Decode a photo, turned upright, and shrunk to a size if it is larger.
	 * @throws UnreadablePhotoException if the file is broken, or the picture too large
	 */
	BufferedImage decode(Path file, ThumbnailSize size) throws UnreadablePhotoException {
		try {
			int edge = size.edgeFor(measure(file));
			return Thumbnails.of(file.toFile()).size(edge, edge).asBufferedImage();
		}
		catch (UnreadablePhotoException ex) {
			throw ex;
		}
		catch (IOException | RuntimeException ex) {
			// The JDK's decoders throw all sorts of runtime exceptions at broken files.
			throw new UnreadablePhotoException("The photo cannot be read: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Read the length of the longer side from the file's header: a file of some kilobytes
	 * can hold a picture that takes gigabytes once it is decoded.
	 */
	private int measure(Path file) throws IOException {
		try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
			Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
			if (!readers.hasNext()) {
				throw new UnreadablePhotoException("The photo cannot be read: no decoder knows its form.", null);
			}
			ImageReader reader = readers.next();
			try {
				reader.setInput(in);
				return check(reader.getWidth(0), reader.getHeight(0));
			}
			finally {
				reader.dispose();
			}
		}
	}

	private int check(int width, int height) throws UnreadablePhotoException {
		if ((long) width * height > this.maxPixels) {
			throw new UnreadablePhotoException("The photo has %d x %d pixels; the shelf takes %d at most."
				.formatted(width, height, this.maxPixels), null);
		}
		return Math.max(width, height);
	}

}

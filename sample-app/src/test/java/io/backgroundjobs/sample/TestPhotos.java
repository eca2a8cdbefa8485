package io.backgroundjobs.sample;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import javax.imageio.ImageIO;

/**
 * Makes photos, and things that only look like photos.
 */
final class TestPhotos {

	private TestPhotos() {
	}

	static byte[] jpeg(int width, int height) {
		return encode(draw(width, height, BufferedImage.TYPE_INT_RGB), "jpg");
	}

	static byte[] png(int width, int height) {
		return encode(draw(width, height, BufferedImage.TYPE_INT_ARGB), "png");
	}

	/**
	 * Begins as a JPEG does, and goes on with noise.
	 */
	static byte[] brokenJpeg(int length) {
		byte[] content = new byte[length];
		new Random(42).nextBytes(content);
		ByteBuffer.wrap(content).putInt(0xffd8ffe0);
		return content;
	}

	/**
	 * A few bytes that claim to be a picture of any size.
	 */
	static byte[] pngThatClaims(int width, int height) {
		byte[] header = ByteBuffer.allocate(17)
			.put("IHDR".getBytes(StandardCharsets.US_ASCII))
			.putInt(width)
			.putInt(height)
			.put(new byte[] { 8, 2, 0, 0, 0 })
			.array();
		CRC32 crc = new CRC32();
		crc.update(header);
		return ByteBuffer.allocate(33)
			.putLong(0x89504e470d0a1a0aL)
			.putInt(13)
			.put(header)
			.putInt((int) crc.getValue())
			.array();
	}

	static byte[] zip(Map<String, byte[]> entries) {
		ByteArrayOutputStream content = new ByteArrayOutputStream();
		try (ZipOutputStream zip = new ZipOutputStream(content)) {
			for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
				zip.putNextEntry(new ZipEntry(entry.getKey()));
				zip.write(entry.getValue());
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return content.toByteArray();
	}

	private static BufferedImage draw(int width, int height, int type) {
		BufferedImage image = new BufferedImage(width, height, type);
		Graphics2D graphics = image.createGraphics();
		graphics.setPaint(new GradientPaint(0, 0, Color.ORANGE, width, height, Color.BLUE));
		graphics.fillRect(0, 0, width, height);
		Random random = new Random(42);
		for (int i = 0; i < 200; i++) {
			graphics.setColor(new Color(random.nextInt(0x1000000)));
			graphics.fillOval(random.nextInt(width), random.nextInt(height), width / 20, height / 20);
		}
		graphics.dispose();
		return image;
	}

	private static byte[] encode(BufferedImage image, String format) {
		ByteArrayOutputStream content = new ByteArrayOutputStream();
		try {
			ImageIO.write(image, format, content);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return content.toByteArray();
	}

}

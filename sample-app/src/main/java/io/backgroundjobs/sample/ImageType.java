package io.backgroundjobs.sample;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

import org.springframework.http.MediaType;

/**
 * The kinds of images that the shelf takes. Told by how their content begins: names and
 * declared types are whatever the sender says.
 */
enum ImageType {

	/**
	 * Begins with a start-of-image marker and the first byte of the next marker.
	 */
	JPEG("jpg", MediaType.IMAGE_JPEG_VALUE, "ffd8ff"),

	/**
	 * Begins with the signature of RFC 2083, section 3.1.
	 */
	PNG("png", MediaType.IMAGE_PNG_VALUE, "89504e470d0a1a0a");

	/**
	 * How many bytes {@link #detect} wants to see.
	 */
	static final int SIGNATURE_LENGTH = 8;

	private final String extension;

	private final String mediaType;

	private final String signature;

	ImageType(String extension, String mediaType, String signature) {
		this.extension = extension;
		this.mediaType = mediaType;
		this.signature = signature;
	}

	static Optional<ImageType> detect(byte[] start) {
		String hex = HexFormat.of().formatHex(start);
		return Arrays.stream(values()).filter((type) -> hex.startsWith(type.signature)).findFirst();
	}

	String extension() {
		return this.extension;
	}

	MediaType mediaType() {
		return MediaType.valueOf(this.mediaType);
	}

}

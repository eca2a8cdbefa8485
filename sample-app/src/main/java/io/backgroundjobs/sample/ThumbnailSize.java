package io.backgroundjobs.sample;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The sizes that each photo is shown in, the largest first: each is made from the one
 * before it.
 */
enum ThumbnailSize {

	/**
	 * Fills a screen.
	 */
	LARGE(1600),

	/**
	 * Goes beside text.
	 */
	MEDIUM(800),

	/**
	 * One of many.
	 */
	SMALL(320);

	private final int edge;

	ThumbnailSize(int edge) {
		this.edge = edge;
	}

	/**
	 * Return how long the longer side becomes: a photo is shrunk, never blown up.
	 * @param original the length of the photo's longer side, in pixels
	 */
	int edgeFor(int original) {
		return Math.min(this.edge, original);
	}

	static Optional<ThumbnailSize> find(String name) {
		return Arrays.stream(values()).filter((size) -> size.toString().equals(name)).findFirst();
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT);
	}

}

package io.backgroundjobs.actuate;

import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is asked for.
 *
 * @param page the number of the page, from 0
 * @param size how many items a page has at most
 */
record Paging(int page, int size) {

	static final int DEFAULT_SIZE = 50;

	static final int MAX_SIZE = 200;

	/**
	 * Take what was asked for, or the first page of the default size.
	 */
	static Paging of(@Nullable Integer page, @Nullable Integer size) {
		int number = (page != null) ? page : 0;
		if (number < 0) {
			throw RequestProblem.badRequest("'page' is " + number + ". Pages are counted from 0");
		}
		int length = (size != null) ? size : DEFAULT_SIZE;
		if (length < 1 || length > MAX_SIZE) {
			throw RequestProblem.badRequest("'size' is " + length + ". A page has from 1 to " + MAX_SIZE + " items");
		}
		return new Paging(number, length);
	}

	/**
	 * Describe what is on the page.
	 */
	<S, T> PageDescriptor<T> of(List<S> all, Function<S, T> describe) {
		long from = (long) this.page * this.size;
		long to = from + this.size;
		List<T> items = all.stream().skip(from).limit(this.size).map(describe).toList();
		return new PageDescriptor<>(items, this.page, this.size, all.size(), (to < all.size()) ? this.page + 1 : null);
	}

}

package io.backgroundjobs.actuate;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Description of one page of a list. Each page is cut from the list of its own moment: a
 * job that comes or goes between two requests shifts the others.
 *
 * @param <T> what is listed
 * @param items what is on this page
 * @param page the number of this page, from 0
 * @param size how many items a page has at most
 * @param total how many items there are on all pages
 * @param nextPage the number of the next page, or {@code null} if this is the last
 * @since 1.0.0
 */
public record PageDescriptor<T>(List<T> items, int page, int size, int total,
		@Nullable Integer nextPage) implements OperationResponseBody {
}

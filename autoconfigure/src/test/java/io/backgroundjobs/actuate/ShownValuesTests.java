package io.backgroundjobs.actuate;

import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

import static org.assertj.core.api.Assertions.assertThat;

class ShownValuesTests {

	private static final StackTraceElement FRAME = new StackTraceElement("com.example.Shop", "open", "Shop.java", 7);

	private final ShownValues shown = new ShownValues(new Sanitizer(), true);

	private final ShownValues hidden = new ShownValues(new Sanitizer(), false);

	@Test
	void whatIsHiddenIsNotThere() {
		assertThat(this.hidden.text("message", "secret")).isEqualTo("******");
		assertThat(this.hidden.text("message", null)).isNull();
		assertThat(this.hidden.frames(List.of(FRAME))).isNull();
	}

	@Test
	void whatIsShownIsThereAsItIs() {
		assertThat(this.shown.text("message", "plain")).isEqualTo("plain");
		assertThat(this.shown.text("message", null)).isNull();
		assertThat(this.shown.frames(List.of(FRAME))).containsExactly("com.example.Shop.open(Shop.java:7)");
		assertThat(this.shown.frames(List.of())).isNull();
	}

	@Test
	void functionsOfTheApplicationHideWhatWouldBeShown() {
		SanitizingFunction notes = SanitizingFunction.sanitizeValue().ifKeyEquals("note");
		ShownValues values = new ShownValues(new Sanitizer(List.of(notes)), true);
		assertThat(values.text("note", "secret")).isEqualTo("******");
		assertThat(values.text("message", "plain")).isEqualTo("plain");
	}

	@Test
	void deepStackIsCutShort() {
		assertThat(this.shown.frames(Collections.nCopies(100, FRAME))).hasSize(100).doesNotContain("... 0 more");
		assertThat(this.shown.frames(Collections.nCopies(130, FRAME))).hasSize(101).last().isEqualTo("... 30 more");
	}

	@Test
	void circleOfCausesComesToAnEnd() {
		IllegalStateException one = new IllegalStateException("one");
		IllegalStateException two = new IllegalStateException("two", one);
		one.initCause(two);
		ExceptionDescriptor description = ExceptionDescriptor.full(one, this.shown);
		int depth = 0;
		for (ExceptionDescriptor each = description; each != null; each = each.cause()) {
			depth++;
		}
		assertThat(depth).isEqualTo(11);
	}

}

package io.backgroundjobs.test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the examples in docs/testing.md are tests that run.
 */
class TestingGuideTests {

	private static final Path GUIDE = Path.of("..", "docs", "testing.md");

	private static final Path EXAMPLES = Path.of("src/test/java/io/backgroundjobs/test/example");

	private static final Pattern EXAMPLE = Pattern.compile("<!-- (\\w+) -->\n```java\n(.*?)```", Pattern.DOTALL);

	private static final Pattern REGION = Pattern.compile("// tag::.*?\n(.*)// end::", Pattern.DOTALL);

	@Test
	void examplesAreTakenFromTests() throws IOException {
		List<MatchResult> examples = EXAMPLE.matcher(Files.readString(GUIDE)).results().toList();
		assertThat(examples).hasSize(2);
		for (MatchResult example : examples) {
			String test = Files.readString(EXAMPLES.resolve(example.group(1) + ".java"));
			MatchResult region = REGION.matcher(test).results().findFirst().orElseThrow();
			assertThat(example.group(2)).as(example.group(1)).isEqualTo(region.group(1));
		}
	}

}

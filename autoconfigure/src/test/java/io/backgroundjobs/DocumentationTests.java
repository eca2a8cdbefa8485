package io.backgroundjobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the documents name what exists.
 */
class DocumentationTests {

	private static final Pattern TEST_CLASS = Pattern.compile("\\b[A-Z][A-Za-z]+Tests\\b");

	private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]+)(?:#[^)]*)?\\)");

	private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

	@Test
	void eachTestClassThatADocumentNamesExists() {
		Set<String> existing = sources();
		Set<String> missing = new TreeSet<>();
		for (Path document : documents()) {
			Matcher names = TEST_CLASS.matcher(read(document));
			while (names.find()) {
				if (!existing.contains(names.group())) {
					missing.add(ROOT.relativize(document) + ": " + names.group());
				}
			}
		}
		assertThat(missing).isEmpty();
	}

	@Test
	void eachRowOfTheParityTableNamesItsTest() {
		List<String> rows = read(ROOT.resolve("docs/parity.md")).lines()
			.filter((line) -> line.startsWith("| ") && !line.startsWith("| feature") && !line.startsWith("|--"))
			.toList();
		assertThat(rows).hasSizeGreaterThan(40)
			.allSatisfy((row) -> assertThat(TEST_CLASS.matcher(row).find()).as(row).isTrue());
	}

	@Test
	void eachLinkOfADocumentLeadsSomewhere() {
		Set<String> dead = new TreeSet<>();
		for (Path document : documents()) {
			Matcher links = LINK.matcher(read(document));
			while (links.find()) {
				if (!Files.exists(document.resolveSibling(links.group(1)))) {
					dead.add(ROOT.relativize(document) + ": " + links.group(1));
				}
			}
		}
		assertThat(dead).isEmpty();
	}

	@Test
	void theReadmeIsShort() {
		assertThat(read(ROOT.resolve("README.md")).lines().count()).isLessThan(150);
	}

	private static List<Path> documents() {
		try (Stream<Path> documents = Files.list(ROOT.resolve("docs")); Stream<Path> top = Files.list(ROOT)) {
			return Stream.concat(documents, top).filter((file) -> file.toString().endsWith(".md")).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Set<String> sources() {
		try (Stream<Path> files = Files.walk(ROOT)) {
			return files.filter((file) -> file.toString().endsWith("Tests.java"))
				.map((file) -> file.getFileName().toString().replace(".java", ""))
				.collect(Collectors.toSet());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

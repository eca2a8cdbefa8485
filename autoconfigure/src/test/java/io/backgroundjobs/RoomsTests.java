package io.backgroundjobs;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps the rooms of the house apart: which may use which, and what may come in from
 * outside.
 */
class RoomsTests {

	private static final String ROOT = "io.backgroundjobs";

	// @formatter:off
	/** Each room, and the rooms that it may use; the root is the empty name. */
	private static final Map<String, Set<String>> ROOMS = Map.of(
		"", Set.of(),
		"engine", Set.of(""),
		"annotation", Set.of("", "engine"),
		"observation", Set.of(""),
		"actuate", Set.of(""),
		"web", Set.of(""),
		"durable", Set.of("", "engine"),
		"autoconfigure", Set.of("", "engine", "annotation", "observation", "actuate", "web", "durable"));

	/** What only some applications have, and the one room besides autoconfigure that may use it. */
	private static final Map<String, String> OPTIONAL = Map.of(
		"com.github.kagkarlsson..", "durable",
		"io.micrometer..", "observation",
		"jakarta.servlet..", "web",
		"org.springframework.boot.actuate..", "actuate",
		"org.springframework.boot.health..", "actuate",
		"org.springframework.web..", "web");
	// @formatter:on

	private static final Set<String> ROOM_NAMES = ROOMS.keySet();

	private static final Set<String> OPTIONAL_PACKAGES = OPTIONAL.keySet();

	/**
	 * The Spring types that a user already knows, and the hint that its reflective
	 * annotations carry.
	 */
	private static final Set<String> SPRING_TYPES_IN_THE_ROOT = Set.of(
			"org.springframework.aot.hint.annotation.Reflective",
			"org.springframework.aot.hint.annotation.SimpleReflectiveProcessor",
			"org.springframework.core.ParameterizedTypeReference", "org.springframework.core.retry.RetryPolicy",
			"org.springframework.core.task.AsyncTaskExecutor", "org.springframework.core.task.TaskRejectedException",
			"org.springframework.format.datetime.standard.DurationFormatterUtils",
			"org.springframework.scheduling.Trigger", "org.springframework.scheduling.TriggerContext");

	private static final JavaClasses classes = new ClassFileImporter()
		.withImportOption(new ImportOption.DoNotIncludeTests())
		.importPackages(ROOT);

	@Test
	void everyPackageIsARoom() {
		assertThat(packages()).extracting(JavaPackage::getName)
			.isSubsetOf(ROOM_NAMES.stream().map(RoomsTests::packageOf).toList())
			.contains(ROOT);
	}

	@Test
	void noPackageIsCalledAfterWhatItIsNot() {
		assertThat(packages()).flatExtracting((room) -> List.of(room.getName().split("\\.")))
			.doesNotContain("internal", "impl", "util", "common");
	}

	@Test
	void everyPackageIsNullMarked() {
		assertThat(packages()).filteredOn((room) -> !room.isAnnotatedWith(NullMarked.class)).isEmpty();
	}

	@ParameterizedTest(name = "\"{0}\"")
	@FieldSource("ROOM_NAMES")
	void aRoomUsesOnlyTheRoomsThatItMay(String room) {
		String[] allowed = Stream.concat(Stream.of(room), ROOMS.get(room).stream())
			.map(RoomsTests::packageOf)
			.toArray(String[]::new);
		noClasses().that()
			.resideInAPackage(packageOf(room))
			.should()
			.dependOnClassesThat(resideInAPackage(ROOT + "..").and(DescribedPredicate.not(resideInAnyPackage(allowed))))
			.allowEmptyShould(true)
			.check(classes);
	}

	/**
	 * Each package is a slice by its whole name. A pattern that starts with the root's
	 * name would leave the root itself out, and pass on a cycle between it and a room.
	 */
	@Test
	void noRoomsFormACycle() {
		slices().matching("(**)").should().beFreeOfCycles().check(classes);
	}

	@Test
	void theRootKnowsTheJdkAndAFewSpringTypesOnly() {
		classes().that()
			.resideInAPackage(ROOT)
			.should()
			.onlyDependOnClassesThat(resideInAnyPackage(ROOT, "java..", "org.jspecify..")
				.or(DescribedPredicate.describe("are Spring types that a user knows",
						(type) -> SPRING_TYPES_IN_THE_ROOT.contains(type.getBaseComponentType().getName()))))
			.check(classes);
	}

	/**
	 * Reactive libraries may be missing: only a class whose name says so may name them,
	 * and others must not load it without looking first.
	 */
	@Test
	void theEngineKnowsSpringsCoreAndSchedulingOnly() {
		DescribedPredicate<JavaClass> known = resideInAnyPackage(ROOT, packageOf("engine"), "java..", "org.jspecify..",
				"org.slf4j..", "org.springframework.core..", "org.springframework.util..",
				"org.springframework.scheduling..");
		DescribedPredicate<JavaClass> reactive = resideInAnyPackage("org.reactivestreams..", "reactor..");
		classes().that()
			.resideInAPackage(packageOf("engine"))
			.and()
			.haveNameNotMatching(".*Reactive.*")
			.should()
			.onlyDependOnClassesThat(known)
			.check(classes);
		classes().that()
			.resideInAPackage(packageOf("engine"))
			.and()
			.haveNameMatching(".*Reactive.*")
			.should()
			.onlyDependOnClassesThat(known.or(reactive))
			.allowEmptyShould(true)
			.check(classes);
	}

	@ParameterizedTest
	@FieldSource("OPTIONAL_PACKAGES")
	void anOptionalLibraryStaysInItsRoom(String packages) {
		noClasses().that()
			.resideOutsideOfPackages(packageOf(OPTIONAL.get(packages)), packageOf("autoconfigure"))
			.should()
			.dependOnClassesThat(resideInAPackage(packages))
			.check(classes);
	}

	@Test
	void nothingWritesToTheStandardStreams() {
		GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(classes);
	}

	@Test
	void nothingWritesToTheJdksLogging() {
		GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(classes);
	}

	@Test
	void nothingIsInjectedIntoFields() {
		GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION.allowEmptyShould(true).check(classes);
	}

	private static Set<JavaPackage> packages() {
		return classes.stream().map(JavaClass::getPackage).collect(Collectors.toSet());
	}

	private static String packageOf(String room) {
		return (room.isEmpty()) ? ROOT : ROOT + "." + room;
	}

}

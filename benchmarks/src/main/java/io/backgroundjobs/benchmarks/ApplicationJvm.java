package io.backgroundjobs.benchmarks;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Starts an application in a JVM of its own, with the libraries that it needs and no
 * other: an auto-configuration takes part wherever it is found.
 */
final class ApplicationJvm {

	/** What {@code spring-boot-starter-webmvc} brings along. */
	private static final Set<String> WEB = Set.of("commons-logging", "jackson-annotations", "jackson-core",
			"jackson-databind", "jakarta.annotation-api", "jspecify", "jul-to-slf4j", "log4j-api", "log4j-to-slf4j",
			"logback-classic", "logback-core", "micrometer-commons", "micrometer-observation", "slf4j-api", "snakeyaml",
			"spring-aop", "spring-beans", "spring-boot", "spring-boot-autoconfigure", "spring-boot-http-converter",
			"spring-boot-jackson", "spring-boot-servlet", "spring-boot-tomcat", "spring-boot-web-server",
			"spring-boot-webmvc", "spring-context", "spring-core", "spring-expression", "spring-web", "spring-webmvc",
			"tomcat-embed-core", "tomcat-embed-el", "tomcat-embed-websocket");

	/** What our starter adds to that. */
	static final Set<String> OURS = Set.of("background-jobs-spring-boot-autoconfigure", "context-propagation");

	private final Class<?> configuration;

	private final Set<String> artifacts = new HashSet<>(WEB);

	ApplicationJvm(Class<?> configuration, Set<String> artifacts) {
		this.configuration = configuration;
		this.artifacts.addAll(artifacts);
	}

	Process start(List<String> jvmOptions, List<String> properties) throws IOException {
		List<String> command = new ArrayList<>(OwnJvm.javaCommand(classPath()));
		command.addAll(jvmOptions);
		command.addAll(List.of(WebApplication.class.getName(), this.configuration.getName()));
		command.addAll(List.of("--server.port=0", "--spring.main.banner-mode=off"));
		command.addAll(properties);
		return new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
	}

	private String classPath() throws IOException {
		Path target = target();
		List<Path> entries = new ArrayList<>(List.of(target.resolve("classes")));
		Set<String> missing = new HashSet<>(this.artifacts);
		for (String directory : List.of("lib", "lib-applications")) {
			try (Stream<Path> jars = Files.list(target.resolve(directory))) {
				jars.sorted().filter((jar) -> missing.remove(artifact(jar))).forEach(entries::add);
			}
		}
		if (!missing.isEmpty()) {
			throw new IllegalStateException("There is no " + missing + " in " + target + ": run ./mvnw package");
		}
		return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
	}

	/**
	 * Return the directory where the build leaves classes, jars and libraries.
	 */
	private static Path target() {
		URI own = URI.create(ApplicationJvm.class.getProtectionDomain().getCodeSource().getLocation().toString());
		return Objects.requireNonNull(Path.of(own).toAbsolutePath().getParent());
	}

	private static String artifact(Path jar) {
		return jar.getFileName().toString().replaceFirst("-\\d+\\..*", "");
	}

}

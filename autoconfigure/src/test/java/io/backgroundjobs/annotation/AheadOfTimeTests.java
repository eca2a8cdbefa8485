package io.backgroundjobs.annotation;

import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.BeanUtils;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.javapoet.ClassName;

import io.backgroundjobs.BackgroundJob;
import io.backgroundjobs.DurableJob;
import io.backgroundjobs.Job;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.PeriodicJob;
import io.backgroundjobs.Shielded;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.JobStore;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Processes a context ahead of time, compiles what that has written, and starts it.
 */
class AheadOfTimeTests {

	private static RecordingEngine engine = new RecordingEngine();

	private static final RecordingStore store = new RecordingStore();

	private static final RuntimeHints hints = new RuntimeHints();

	@TempDir
	private static Path folder;

	private static Class<?> initializer;

	@BeforeAll
	static void process() throws Exception {
		InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
		DefaultGenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get(AheadOfTimeTests.class)), files, hints);
		AnnotationConfigApplicationContext source = new AnnotationConfigApplicationContext();
		source.register(Application.class);
		ClassName name = new ApplicationContextAotGenerator().processAheadOfTime(source, generation);
		generation.writeGeneratedContent();
		source.close();
		compile(files);
		initializer = Class.forName(name.reflectionName());
	}

	@Test
	void jobsAreFoundInAContextThatWasProcessedAheadOfTime() throws Exception {
		engine = new RecordingEngine();
		try (GenericApplicationContext context = new GenericApplicationContext()) {
			initialize(context);
			context.refresh();
			assertThat(engine.specs).containsOnlyKeys("hiddenWorker.hidden", "lazyWorker.job", "ofFactory", "ofStatic",
					"first", "second");
			assertThat(engine.run("hiddenWorker.hidden")).isEqualTo("hidden");
			assertThat(engine.run("ofStatic")).isEqualTo("static");
			context.getBean(Worker.class).send(new Letter("x"));
			assertThat(engine.onlySpawn().options().name()).isEqualTo("worker.send");
			context.getBean(DurableWorker.class).post(List.of(new Parcel(3)), null);
			assertThat(store.onlySpawn().arguments()).containsExactly(List.of(new Parcel(3)));
			assertThat(store.runFirst()).isNull();
			assertThat(context.getBean(JobCatalog.class).names()).contains("worker.send", "worker.handle", "post");
		}
	}

	@Test
	void methodsThatAreCalledByReflectionHaveHints() {
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(HiddenWorker.class, "hidden")).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Worker.class, "send")).accepts(hints);
	}

	@Test
	void whatAKeyReadsOfTheArgumentsHasHints() {
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Letter.class, "number")).accepts(hints);
	}

	@Test
	void whatIsStoredOfTheArgumentsHasHints() {
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(DurableWorker.class, "post")).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Parcel.class, "weight")).accepts(hints);
		assertThat(
				RuntimeHintsPredicates.reflection().onConstructorInvocation(Parcel.class.getDeclaredConstructors()[0]))
			.accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Receipt.class, "total")).accepts(hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(JobContext.class)).rejects(hints);
	}

	@SuppressWarnings("unchecked")
	private static void initialize(GenericApplicationContext context) {
		((ApplicationContextInitializer<GenericApplicationContext>) BeanUtils.instantiateClass(initializer))
			.initialize(context);
	}

	private static void compile(InMemoryGeneratedFiles files) throws Exception {
		List<Path> sources = new ArrayList<>();
		for (String path : files.getGeneratedFiles(Kind.SOURCE).keySet()) {
			Path source = folder.resolve(path);
			Files.createDirectories(source.getParent());
			sources.add(Files.writeString(source, files.getGeneratedFileContent(Kind.SOURCE, path)));
		}
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
			List<String> options = List.of("-d", folder.toString(), "-proc:none", "-nowarn");
			assertThat(
					compiler.getTask(null, manager, null, options, null, manager.getJavaFileObjectsFromPaths(sources))
						.call())
				.isTrue();
		}
		define();
	}

	// Beside the classes that they are about, so that what is package-private can be
	// reached.
	private static void define() throws Exception {
		try (Stream<Path> classes = Files.walk(folder)) {
			for (Path file : classes.filter((path) -> path.toString().endsWith(".class")).toList()) {
				String name = folder.relativize(file).toString().replace('/', '.');
				Class<?> neighbour = Class.forName(name.substring(0, name.indexOf("__")));
				MethodHandles.privateLookupIn(neighbour, MethodHandles.lookup()).defineClass(Files.readAllBytes(file));
			}
		}
	}

	@Configuration(proxyBeanMethods = false)
	@Import(AnnotationContext.RoomConfiguration.class)
	static class Application {

		@Bean
		JobEngine backgroundJobScheduler() {
			return engine.engine;
		}

		@Bean
		Worker worker() {
			return new Worker();
		}

		@Bean
		HiddenWorker hiddenWorker() {
			return new HiddenWorker();
		}

		@Bean
		DurableWorker durableWorker() {
			return new DurableWorker();
		}

		@Bean
		JobStore jobStore() {
			return store;
		}

		@Bean
		DurableJob<Receipt> sendReceipt() {
			return DurableJob.of(JobOptions.named("receipt"), Receipt.class, (receipt, job) -> {
			});
		}

		@Bean
		@Lazy
		LazyWorker lazyWorker() {
			return new LazyWorker();
		}

		@Bean
		@PeriodicJob(every = "1s")
		Callable<String> ofFactory() {
			return () -> "factory";
		}

		@Bean
		@PeriodicJob(every = "1s")
		static Callable<String> ofStatic() {
			return () -> "static";
		}

		@Bean
		@Lazy
		@PeriodicJob(name = "first", every = "1s")
		@PeriodicJob(name = "second", every = "1s")
		Runnable repeated() {
			return () -> {
			};
		}

	}

	static class Worker {

		@BackgroundJob(key = "#a0.number")
		Job<String> send(Letter letter) {
			return Job.completed(letter.number());
		}

		@Shielded
		void handle() {
		}

	}

	record Letter(String number) {

	}

	static class DurableWorker {

		@BackgroundJob(name = "post", durable = true)
		void post(List<Parcel> parcels, JobContext job) {
		}

	}

	record Parcel(int weight) {

	}

	record Receipt(int total) {

	}

	static class HiddenWorker {

		@PeriodicJob(every = "1s")
		private String hidden() {
			return "hidden";
		}

	}

	static class LazyWorker {

		@PeriodicJob(every = "1s")
		void job() {
		}

	}

}

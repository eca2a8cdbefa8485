package io.backgroundjobs.annotation;

import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

import io.backgroundjobs.BackgroundJob;
import io.backgroundjobs.Job;
import io.backgroundjobs.OnDuplicate;

/**
 * Tests of durable methods that cannot work.
 */
class DurableMethodRefusalTests {

	private static String place(String type) {
		String bean = Character.toLowerCase(type.charAt(0)) + type.substring(1);
		return "@BackgroundJob on method " + type + ".job() of bean '" + bean + "'";
	}

	@Test
	void whenThereIsNoNameThenStartFails() {
		AnnotationContext.assertRefused(place("Nameless") + " is durable and has no name",
				"Give it a name: name = \"...\". Stored jobs are found by it, also after the bean or the method has been "
						+ "renamed.",
				Nameless.class);
	}

	@Test
	void whenMethodReturnsAJobThenStartFails() {
		AnnotationContext.assertRefused(
				place("ReturnsJob") + " is durable and returns Job, but the job may run in another process",
				"Return nothing. Code that needs the identifier of the job spawns a DurableJob bean through DurableJobs.",
				ReturnsJob.class);
	}

	@Test
	void whenItWaitsForTheCommitThenStartFails() {
		AnnotationContext.assertRefused(place("AfterCommit") + " is durable and waits for the commit",
				"Remove 'afterCommit': a durable job is part of the transaction anyway.", AfterCommit.class);
	}

	@Test
	void whenADuplicateReplacesThenStartFails() {
		AnnotationContext.assertRefused(
				"The 'onDuplicate' of @BackgroundJob on method Replaces.job(String) of bean 'replaces' is "
						+ "'REPLACE_PENDING', which only jobs in memory can have",
				"Give REJECT or RETURN_EXISTING.", Replaces.class);
	}

	@Test
	void whenBeanIsNoSingletonThenStartFails() {
		AnnotationContext.assertRefused(
				"@BackgroundJob on method Named.job() of bean 'scoped' is durable, and on a bean that is no singleton",
				"Only singletons carry durable jobs: remove the scope, which there may not be where the job runs, or move "
						+ "the method to a singleton.",
				ScopedConfiguration.class, RecordingStore.class);
	}

	@Test
	void whenAnotherThreadWouldMakeTheCallThenStartFails() {
		AnnotationContext.assertRefused(
				place("Asynchronous") + " is durable, and a AnnotationAsyncExecutionInterceptor comes before it",
				"Remove the other annotation of the method, such as @Async, or move what it is on to a method that the "
						+ "job calls.",
				Asynchronous.class, RecordingStore.class, AsyncConfiguration.class);
	}

	@Test
	void whenNameIsThatOfAnotherJobThenMessageNamesBothPlaces() {
		AnnotationContext.assertRefused(
				"The job name 'job' is declared twice: by @BackgroundJob on method Named.job() of bean 'named' and by "
						+ "@BackgroundJob on method AlsoNamed.job() of bean 'alsoNamed'",
				"Give one of the two another name.", Named.class, AlsoNamed.class, RecordingStore.class);
	}

	static class Nameless {

		@BackgroundJob(durable = true)
		void job() {
		}

	}

	static class ReturnsJob {

		@BackgroundJob(name = "job", durable = true)
		Job<String> job() {
			return Job.completed("");
		}

	}

	static class AfterCommit {

		@BackgroundJob(name = "job", durable = true, afterCommit = true)
		void job() {
		}

	}

	static class Replaces {

		@BackgroundJob(name = "job", durable = true, key = "#a0", onDuplicate = OnDuplicate.REPLACE_PENDING)
		void job(String key) {
		}

	}

	static class Named {

		@BackgroundJob(name = "job", durable = true)
		void job() {
		}

	}

	static class AlsoNamed {

		@BackgroundJob(name = "job", durable = true)
		void job() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedConfiguration {

		@Bean
		@Scope(value = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
		Named scoped() {
			return new Named();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	static class AsyncConfiguration {

	}

	static class Asynchronous {

		@Async
		@BackgroundJob(name = "job", durable = true)
		void job() {
		}

	}

}

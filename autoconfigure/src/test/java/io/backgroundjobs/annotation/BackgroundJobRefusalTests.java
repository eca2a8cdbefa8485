package io.backgroundjobs.annotation;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.PriorityOrdered;

import io.backgroundjobs.BackgroundJob;
import io.backgroundjobs.OnDuplicate;
import io.backgroundjobs.PeriodicJob;
import io.backgroundjobs.Shielded;

class BackgroundJobRefusalTests {

	private static final String NAME_IT = "Give each of them a name of its own: name = \"...\".";

	private static String place(String type) {
		String bean = Character.toLowerCase(type.charAt(0)) + type.substring(1);
		return "@BackgroundJob on method " + type + ".job() of bean '" + bean + "'";
	}

	@Test
	void whenMethodReturnsSomethingElseThenStartFails() {
		AnnotationContext.assertRefused(place("ReturnsText") + " returns String, which a call that spawns cannot",
				"Return Job, CompletableFuture or nothing: 'return Job.completed(value)' makes a Job of a value.",
				ReturnsText.class);
	}

	@Test
	void whenMethodIsPrivateThenStartFails() {
		AnnotationContext.assertRefused(
				place("PrivateMethod") + " cannot be intercepted, because the method is private",
				"Make the method public, protected or package-private.", PrivateMethod.class);
	}

	@Test
	void whenMethodIsStaticThenStartFails() {
		AnnotationContext.assertRefused(place("StaticMethod") + " cannot be intercepted, because the method is static",
				"Remove 'static' from the method.", StaticMethod.class);
	}

	@Test
	void whenMethodIsFinalThenStartFails() {
		AnnotationContext.assertRefused(place("FinalMethod") + " cannot be intercepted, because the method is final",
				"Remove 'final' from the method.", FinalMethod.class);
	}

	@Test
	void whenMethodIsNotInTheProxiedInterfaceThenStartFails() {
		AnnotationContext.assertRefused(
				"@BackgroundJob on method NotInInterface.job() of bean 'notInInterface' cannot be called, because the "
						+ "bean's proxy has only the methods of its interfaces",
				"Declare the method in an interface of the bean, or proxy the bean's class "
						+ "(spring.aop.proxy-target-class=true).",
				NotInInterface.class);
	}

	@Test
	void whenBeanWasCreatedTooEarlyThenStartFails() {
		AnnotationContext.assertRefused(
				"@BackgroundJob on method Early.job() of bean 'early' is not in effect, because the bean was created "
						+ "before it could be advised",
				"A BeanPostProcessor or the like needs the bean too early: let it ask for the bean lazily, through an "
						+ "ObjectProvider.",
				EarlyConfiguration.class);
	}

	@Test
	void whenPoolDoesNotExistThenStartFails() {
		AnnotationContext.assertRefused(
				"The 'pool' of " + place("UnknownPool") + " is 'mail', which is not the name of a pool",
				"The pools are default. Name one of them, or declare this one: background-jobs.pools.mail.limit=10, or a "
						+ "bean of type PoolSpec.",
				UnknownPool.class);
	}

	@Test
	void whenDelayHasNoUnitThenStartFails() {
		AnnotationContext.assertRefused("The 'delay' of " + place("BareDelay") + " is '5', a number without a unit",
				"Write '5s' for seconds, '5ms' for milliseconds or '5m' for minutes.", BareDelay.class);
	}

	@Test
	void whenDelayIsNegativeThenStartFails() {
		AnnotationContext.assertRefused("The 'delay' of " + place("NegativeDelay") + " is '-5s', a negative duration",
				"Give zero or a positive duration, such as 30s, 5m or PT1H.", NegativeDelay.class);
	}

	@Test
	void whenRetriesAreNegativeThenStartFails() {
		AnnotationContext.assertRefused(
				"The 'maxRetries' of " + place("NegativeRetries") + " is '-1', a negative number",
				"Give 0 for no retries, or a positive number.", NegativeRetries.class);
	}

	@Test
	void whenMultiplierIsBelowOneThenStartFails() {
		AnnotationContext.assertRefused(
				"The 'retryMultiplier' of " + place("SmallMultiplier") + " is '0.5', which is below 1",
				"Give 1 for retries at a fixed delay, or more.", SmallMultiplier.class);
	}

	@Test
	void whenRetryDelayHasNoRetriesThenStartFails() {
		AnnotationContext.assertRefused(place("RetryDelayOnly") + " says when to retry, but not how often",
				"Give 'maxRetries', or remove 'retryDelay', 'retryMultiplier' and 'retryMaxDelay'.",
				RetryDelayOnly.class);
	}

	@Test
	void whenRetryMaxDelayIsZeroThenStartFails() {
		AnnotationContext.assertRefused(
				"The 'retryMaxDelay' of " + place("ZeroMaxDelay") + " is '0s', which is not above zero",
				"Give a positive duration, such as 30s, 5m or PT1H.", ZeroMaxDelay.class);
	}

	@Test
	void whenRetryDelayIsLongerThanItsBoundThenStartFails() {
		AnnotationContext.assertRefused(
				"The 'retryDelay' of " + place("DelayAboveItsBound")
						+ " is '5s', which is longer than 'retryMaxDelay', '1s'",
				"Give a 'retryMaxDelay' that is not shorter than 'retryDelay'.", DelayAboveItsBound.class);
	}

	@Test
	void whenOnDuplicateHasNoKeyThenStartFails() {
		AnnotationContext.assertRefused(
				"The 'onDuplicate' of " + place("DuplicateWithoutKey")
						+ " is 'REPLACE_PENDING', but there is no 'key' that could be a duplicate",
				"Give a 'key', such as key = \"#a0\", or remove the attribute.", DuplicateWithoutKey.class);
	}

	@Test
	void whenNameIsNotValidThenStartFails() {
		AnnotationContext.assertRefused("The 'name' of " + place("BadName") + " is '-x', which is not a valid job name",
				"Use letters, digits, '.', '_' and '-', and begin with a letter or a digit.", BadName.class);
	}

	@Test
	void whenOverloadedMethodHasNoNameThenStartFails() {
		AnnotationContext.assertRefused(
				"@BackgroundJob on method Overloaded.job(String) of bean 'overloaded' is on one of several methods of "
						+ "this name, and has no name",
				NAME_IT, Overloaded.class);
	}

	@Test
	void whenNameIsThatOfAPeriodicJobThenMessageNamesBothPlaces() {
		AnnotationContext.assertRefused(
				"The job name 'mail' is declared twice: by @PeriodicJob on method SameName.periodic() of bean "
						+ "'sameName' and by @BackgroundJob on method Named.job() of bean 'named'",
				"Give one of the two another name.", SameName.class, Named.class);
	}

	@Test
	void whenMethodIsShieldedTooThenStartFails() {
		AnnotationContext.assertRefused(place("BothShielded") + " is not alone: the method also carries @Shielded",
				"Keep the first, with 'shielded = true', and remove @Shielded.", BothShielded.class);
	}

	static class ReturnsText {

		@BackgroundJob
		String job() {
			return "";
		}

	}

	static class PrivateMethod {

		@BackgroundJob
		private void job() {
		}

	}

	static class StaticMethod {

		@BackgroundJob
		static void job() {
		}

	}

	static class FinalMethod {

		@BackgroundJob
		final void job() {
		}

	}

	static class NotInInterface implements Runnable, Marker {

		@BackgroundJob
		void job() {
		}

		@Override
		public void run() {
		}

	}

	interface Marker {

		void run();

	}

	@Configuration(proxyBeanMethods = false)
	static class EarlyConfiguration {

		@Bean
		static Early early() {
			return new Early();
		}

		@Bean
		static EarlyPostProcessor needsItEarly(Early early) {
			return new EarlyPostProcessor();
		}

	}

	static class EarlyPostProcessor implements BeanPostProcessor, PriorityOrdered {

		@Override
		public int getOrder() {
			return 0;
		}

	}

	static class Early {

		@BackgroundJob
		void job() {
		}

	}

	static class UnknownPool {

		@BackgroundJob(pool = "mail")
		void job() {
		}

	}

	static class BareDelay {

		@BackgroundJob(delay = "5")
		void job() {
		}

	}

	static class NegativeDelay {

		@BackgroundJob(delay = "-5s")
		void job() {
		}

	}

	static class NegativeRetries {

		@BackgroundJob(maxRetries = -1)
		void job() {
		}

	}

	static class SmallMultiplier {

		@BackgroundJob(maxRetries = 1, retryMultiplier = 0.5)
		void job() {
		}

	}

	static class RetryDelayOnly {

		@BackgroundJob(retryDelay = "5s")
		void job() {
		}

	}

	static class DelayAboveItsBound {

		@BackgroundJob(maxRetries = 1, retryDelay = "5s", retryMaxDelay = "1s")
		void job() {
		}

	}

	static class ZeroMaxDelay {

		@BackgroundJob(maxRetries = 1, retryMaxDelay = "0s")
		void job() {
		}

	}

	static class DuplicateWithoutKey {

		@BackgroundJob(onDuplicate = OnDuplicate.REPLACE_PENDING)
		void job() {
		}

	}

	static class BadName {

		@BackgroundJob(name = "-x")
		void job() {
		}

	}

	static class Overloaded {

		@BackgroundJob(name = "named")
		void job() {
		}

		@BackgroundJob
		void job(String text) {
		}

	}

	static class SameName {

		@PeriodicJob(name = "mail", every = "1s")
		void periodic() {
		}

	}

	static class Named {

		@BackgroundJob(name = "mail")
		void job() {
		}

	}

	static class BothShielded {

		@BackgroundJob
		@Shielded
		void job() {
		}

	}

}

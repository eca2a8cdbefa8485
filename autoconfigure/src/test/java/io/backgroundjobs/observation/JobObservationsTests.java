package io.backgroundjobs.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.junit.jupiter.api.Test;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContextPropagator.Scope;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobObserver.ObservedAttempt;
import io.backgroundjobs.JobOutcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

class JobObservationsTests {

	private final TestObservationRegistry registry = TestObservationRegistry.create();

	private final JobObservations observations = new JobObservations(this.registry, null, new BoundedJobNames(1));

	@Test
	void successfulAttempt() {
		attempt(job("send", JobKind.ANNOTATED)).stop(JobOutcome.SUCCEEDED, null);
		assertObservation().hasBeenStarted()
			.hasBeenStopped()
			.hasContextualNameEqualTo("job send")
			.hasLowCardinalityKeyValue("job.name", "send")
			.hasLowCardinalityKeyValue("job.kind", "annotated")
			.hasLowCardinalityKeyValue("job.pool", "mail")
			.hasLowCardinalityKeyValue("outcome", "succeeded")
			.hasLowCardinalityKeyValue("exception", "none")
			.hasHighCardinalityKeyValue("job.id", "7")
			.hasHighCardinalityKeyValue("job.attempt", "2")
			.doesNotHaveError();
	}

	@Test
	void failedAttempt() {
		IllegalStateException failure = new IllegalStateException();
		attempt(job("send", JobKind.PERIODIC)).stop(JobOutcome.TIMED_OUT, failure);
		assertObservation().hasBeenStopped()
			.hasError(failure)
			.hasLowCardinalityKeyValue("outcome", "timed-out")
			.hasLowCardinalityKeyValue("exception", "IllegalStateException");
	}

	@Test
	void attemptIsStoppedAlthoughAHandlerFails() {
		this.registry.observationConfig().observationHandler(new ObservationHandler<>() {

			@Override
			public void onError(Observation.Context context) {
				throw new IllegalStateException("broken");
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

		});
		ObservedAttempt attempt = attempt(job("send", JobKind.SPAWNED));
		assertThatIllegalStateException()
			.isThrownBy(() -> attempt.stop(JobOutcome.FAILED, new IllegalArgumentException()));
		assertObservation().hasBeenStopped();
	}

	@Test
	void cancelledAttemptIsNoError() {
		attempt(job("send", JobKind.SPAWNED)).stop(JobOutcome.CANCELLED, null);
		assertObservation().hasBeenStopped()
			.doesNotHaveError()
			.hasLowCardinalityKeyValue("outcome", "cancelled")
			.hasLowCardinalityKeyValue("exception", "none");
	}

	@Test
	void runningAttemptHasEveryKeyAlready() {
		attempt(job("send", JobKind.SPAWNED));
		assertObservation().hasBeenStarted()
			.isNotStopped()
			.hasLowCardinalityKeyValue("outcome", "unknown")
			.hasLowCardinalityKeyValue("exception", "none");
	}

	@Test
	void nameBeyondTheLimitBecomesNoTag() {
		attempt(job("first", JobKind.SPAWNED));
		this.registry.clear();
		attempt(job("second", JobKind.SPAWNED)).stop(JobOutcome.SUCCEEDED, null);
		assertObservation().hasLowCardinalityKeyValue("job.name", "other").hasContextualNameEqualTo("job other");
	}

	@Test
	void loopIsNotObserved() {
		assertThat(this.observations.start(job("loop", JobKind.BACKGROUND))).isNull();
		assertThat(this.registry)
			.satisfies((observed) -> TestObservationRegistryAssert.assertThat(observed).doesNotHaveAnyObservation());
	}

	@Test
	void currentObservationIsTheParent() {
		Observation request = Observation.start("request", this.registry);
		try (Observation.Scope current = request.openScope()) {
			assertThat(current).isNotNull();
			attempt(job("send", JobKind.SPAWNED));
		}
		assertObservation().hasParentObservationEqualTo(request);
	}

	@Test
	void scopeRestoresWhatWasCurrentWhateverTheBodyLeavesOpen() {
		Observation request = Observation.start("request", this.registry);
		try (Observation.Scope outer = request.openScope()) {
			try (Scope scope = attempt(job("send", JobKind.SPAWNED)).openScope()) {
				assertThat(scope).isNotNull();
				Observation.start("forgotten", this.registry).openScope();
				Observation.start("forgotten too", this.registry).openScope();
			}
			assertThat(this.registry.getCurrentObservationScope()).isSameAs(outer);
		}
		assertThat(this.registry.getCurrentObservationScope()).isNull();
	}

	@Test
	void scopeThatTheBodyClosedItselfClosesNothingElse() {
		Observation request = Observation.start("request", this.registry);
		try (Observation.Scope outer = request.openScope()) {
			try (Scope scope = attempt(job("send", JobKind.SPAWNED)).openScope()) {
				assertThat(scope).isNotNull();
				this.registry.getCurrentObservationScope().close();
			}
			assertThat(this.registry.getCurrentObservationScope()).isSameAs(outer);
		}
	}

	private ObservedAttempt attempt(Job<?> job) {
		ObservedAttempt attempt = this.observations.start(job);
		assertThat(attempt).isNotNull();
		return attempt;
	}

	private TestObservationRegistryAssert.TestObservationRegistryAssertReturningObservationContextAssert assertObservation() {
		return TestObservationRegistryAssert.assertThat(this.registry)
			.hasObservationWithNameEqualTo("background.job")
			.that();
	}

	private static Job<?> job(String name, JobKind kind) {
		Job<?> job = mock();
		given(job.id()).willReturn("7");
		given(job.name()).willReturn(name);
		given(job.kind()).willReturn(kind);
		given(job.pool()).willReturn("mail");
		given(job.attempts()).willReturn(2);
		return job;
	}

}

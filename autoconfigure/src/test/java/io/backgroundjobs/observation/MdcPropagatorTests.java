package io.backgroundjobs.observation;

import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContextPropagator.Scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

class MdcPropagatorTests {

	private final MdcPropagator propagator = new MdcPropagator(true);

	private final Job<?> job = mock();

	MdcPropagatorTests() {
		given(this.job.id()).willReturn("7");
		given(this.job.name()).willReturn("send");
	}

	@AfterEach
	void clear() {
		MDC.clear();
	}

	@Test
	void capturedEntriesAndThoseOfTheJobAreBound() {
		MDC.put("tenant", "a");
		Object captured = this.propagator.capture();
		MDC.clear();
		try (Scope scope = this.propagator.open(captured, this.job)) {
			assertThat(scope).isNotNull();
			assertThat(MDC.getCopyOfContextMap())
				.isEqualTo(Map.of("tenant", "a", MdcPropagator.JOB_ID, "7", MdcPropagator.JOB_NAME, "send"));
		}
		assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
	}

	@Test
	void whatTheBodyPutsInIsGoneAfterwards() {
		try (Scope scope = this.propagator.open(null, this.job)) {
			assertThat(scope).isNotNull();
			MDC.put("left", "behind");
			MDC.remove(MdcPropagator.JOB_ID);
		}
		assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
	}

	@Test
	void entriesOfACallerAreHiddenFromTheJobAndRestored() {
		MDC.put("caller", "yes");
		try (Scope scope = this.propagator.open(null, this.job)) {
			assertThat(scope).isNotNull();
			assertThat(MDC.get("caller")).isNull();
		}
		assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("caller", "yes"));
	}

	@Test
	void laterChangesOfTheSpawningThreadAreNotSeen() {
		MDC.put("tenant", "a");
		Object captured = this.propagator.capture();
		MDC.put("tenant", "b");
		try (Scope scope = this.propagator.open(captured, this.job)) {
			assertThat(scope).isNotNull();
			assertThat(MDC.get("tenant")).isEqualTo("a");
		}
	}

	@Test
	void whenNotCapturingOnlyTheEntriesOfTheJobAreBound() {
		MDC.put("tenant", "a");
		MdcPropagator own = new MdcPropagator(false);
		try (Scope scope = own.open(own.capture(), this.job)) {
			assertThat(scope).isNotNull();
			assertThat(MDC.getCopyOfContextMap()).containsOnlyKeys(MdcPropagator.JOB_ID, MdcPropagator.JOB_NAME);
		}
	}

}

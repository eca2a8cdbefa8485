package io.backgroundjobs.observation;

import java.util.Map;
import java.util.TreeMap;

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

	@Test
	void entriesGoOnInAnotherProcess() {
		MDC.put("tenant", "a");
		MDC.put("dotted.key", "b");
		Map<String, String> carrier = inject(this.propagator);
		MDC.clear();
		Object extracted = new MdcPropagator(true).extract(carrier);
		try (Scope scope = this.propagator.open(extracted, this.job)) {
			assertThat(scope).isNotNull();
			assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("tenant", "a", "dotted.key", "b",
					MdcPropagator.JOB_ID, "7", MdcPropagator.JOB_NAME, "send"));
		}
		assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
	}

	@Test
	void entriesOfTheSpawningJobStayWithIt() {
		try (Scope scope = this.propagator.open(null, this.job)) {
			assertThat(scope).isNotNull();
			assertThat(inject(this.propagator)).isEmpty();
			MDC.put("tenant", "a");
			assertThat(inject(this.propagator)).isEqualTo(Map.of("mdc.tenant", "a"));
		}
	}

	@Test
	void textsOfOthersAreNotRead() {
		assertThat(this.propagator.extract(Map.of("traceparent", "00", "tenant", "a"))).isNull();
		assertThat(this.propagator.extract(Map.of())).isNull();
	}

	@Test
	void whenNotCapturingNothingGoesOnInAnotherProcess() {
		MDC.put("tenant", "a");
		MdcPropagator own = new MdcPropagator(false);
		assertThat(inject(own)).isEmpty();
		assertThat(own.extract(Map.of("mdc.tenant", "a"))).isNull();
	}

	private static Map<String, String> inject(MdcPropagator propagator) {
		Map<String, String> carrier = new TreeMap<>();
		propagator.inject(carrier);
		return carrier;
	}

}

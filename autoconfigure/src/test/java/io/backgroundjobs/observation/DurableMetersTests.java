package io.backgroundjobs.observation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.backgroundjobs.DurableJobs;
import io.backgroundjobs.DurableQueue;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobStoreException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;

@ExtendWith(OutputCaptureExtension.class)
@Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
class DurableMetersTests {

	private static final RuntimeException BROKEN = new JobStoreException("The database did not count the durable jobs",
			new IllegalStateException("Connection refused"));

	private final DurableJobs jobs = mock();

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private Instant now = Instant.parse("2026-11-20T09:00:00Z");

	private final DurableMeters meters = new DurableMeters(this.jobs, new BoundedJobNames(2), () -> this.now);

	@Test
	void nothingIsAskedBeforeAGaugeIsRead() {
		this.meters.bindTo(this.registry);
		then(this.jobs).shouldHaveNoInteractions();
	}

	@Test
	void gaugesShowEachNameAsTheDatabaseCounts() {
		given(this.jobs.queues()).willReturn(
				List.of(new DurableQueue("mail", true, 1, 2, 3, 4, this.now.minusMillis(90_500)), queue("report", 7)));
		this.meters.bindTo(this.registry);
		assertThat(unavailable()).isZero();
		assertThat(count("mail", "pending")).isEqualTo(1);
		assertThat(count("mail", "scheduled")).isEqualTo(2);
		assertThat(count("mail", "running")).isEqualTo(3);
		assertThat(count("mail", "failed")).isEqualTo(4);
		assertThat(oldest("mail")).isEqualTo(90.5);
		assertThat(count("report", "pending")).isEqualTo(7);
		assertThat(oldest("report")).isZero();
	}

	@Test
	void databaseIsAskedOnceInTenSecondsHoweverManyGaugesAreRead() {
		given(this.jobs.queues()).willReturn(List.of(queue("mail", 1))).willReturn(List.of(queue("mail", 2)));
		this.meters.bindTo(this.registry);
		unavailable();
		this.now = this.now.plus(Duration.ofSeconds(10).minusNanos(1));
		this.registry.getMeters().forEach((meter) -> meter.measure().forEach(Measurement::getValue));
		assertThat(count("mail", "pending")).isEqualTo(1);
		then(this.jobs).should(times(1)).queues();
		this.now = this.now.plusNanos(1);
		assertThat(count("mail", "pending")).isEqualTo(2);
		then(this.jobs).should(times(2)).queues();
	}

	@Test
	void clockThatIsPutBackDoesNotHoldUpTheCounts() {
		given(this.jobs.queues()).willReturn(List.of(queue("mail", 1))).willReturn(List.of(queue("mail", 2)));
		this.meters.bindTo(this.registry);
		unavailable();
		this.now = this.now.minus(Duration.ofHours(1));
		assertThat(count("mail", "pending")).isEqualTo(2);
	}

	@Test
	void ageGrowsAlsoWhileNobodyAsksTheDatabase() {
		given(this.jobs.queues()).willReturn(List.of(new DurableQueue("mail", true, 1, 0, 0, 0, this.now)));
		this.meters.bindTo(this.registry);
		unavailable();
		this.now = this.now.plusSeconds(9);
		assertThat(oldest("mail")).isEqualTo(9);
	}

	@Test
	void ageIsNeverNegative() {
		given(this.jobs.queues())
			.willReturn(List.of(new DurableQueue("mail", true, 1, 0, 0, 0, this.now.plusSeconds(5))));
		this.meters.bindTo(this.registry);
		unavailable();
		assertThat(oldest("mail")).isZero();
	}

	@Test
	void nameThatIsInTheTableNoMoreHasNone() {
		given(this.jobs.queues()).willReturn(List.of(queue("mail", 1))).willReturn(List.of());
		this.meters.bindTo(this.registry);
		unavailable();
		assertThat(count("mail", "pending")).isEqualTo(1);
		this.now = this.now.plusSeconds(10);
		assertThat(count("mail", "pending")).isZero();
		assertThat(oldest("mail")).isZero();
	}

	@Test
	void nameThatComesLaterHasItsGaugesInEveryRegistry() {
		MeterRegistry other = new SimpleMeterRegistry();
		given(this.jobs.queues()).willReturn(List.of()).willReturn(List.of(queue("mail", 1)));
		this.meters.bindTo(this.registry);
		this.meters.bindTo(other);
		unavailable();
		assertThat(this.registry.find("background.jobs.durable").gauge()).isNull();
		this.now = this.now.plusSeconds(10);
		unavailable();
		MeterRegistry late = new SimpleMeterRegistry();
		this.meters.bindTo(late);
		assertThat(List.of(this.registry, other, late)).allSatisfy((each) -> assertThat(
				each.get("background.jobs.durable").tags("name", "mail", "state", "pending").gauge().value())
			.isEqualTo(1));
	}

	@Test
	void namesOfOtherInstancesBeyondTheLimitAreAddedUp() {
		Instant due = this.now.minusSeconds(60);
		given(this.jobs.queues()).willReturn(List.of(unknown("a", null), unknown("b", null),
				unknown("c", due.plusSeconds(1)), unknown("d", due), unknown("e", null), queue("mail", 5)));
		this.meters.bindTo(this.registry);
		unavailable();
		assertThat(count("a", "pending")).isOne();
		assertThat(count("b", "pending")).isOne();
		assertThat(List.of("pending", "scheduled", "running", "failed")).map((state) -> count("other", state))
			.containsExactly(3.0, 6.0, 9.0, 12.0);
		assertThat(oldest("other")).isEqualTo(60);
		assertThat(count("mail", "pending")).isEqualTo(5);
		assertThat(this.registry.find("background.jobs.durable").gauges()).hasSize(4 * 4);
	}

	@Test
	void databaseThatIsKnownToBeDownIsNotAskedAndNothingIsLogged(CapturedOutput output) {
		given(this.jobs.queues()).willReturn(List.of(queue("mail", 1)));
		this.meters.bindTo(this.registry);
		unavailable();
		given(this.jobs.unavailableSince()).willReturn(this.now);
		this.now = this.now.plusSeconds(30);
		assertThat(unavailable()).isEqualTo(30);
		assertThat(count("mail", "pending")).isNaN();
		assertThat(oldest("mail")).isNaN();
		then(this.jobs).should(times(1)).queues();
		assertThat(output).isEmpty();
		given(this.jobs.unavailableSince()).willReturn(null);
		assertThat(unavailable()).isZero();
		assertThat(count("mail", "pending")).isOne();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void databaseThatDoesNotCountIsLoggedOnce(boolean answersOtherwise, CapturedOutput output) {
		RuntimeException failure = answersOtherwise ? new JobConfigurationException("No table", null) : BROKEN;
		given(this.jobs.queues()).willReturn(List.of(queue("mail", 1))).willThrow(failure);
		this.meters.bindTo(this.registry);
		unavailable();
		for (int i = 0; i < 5; i++) {
			this.now = this.now.plusSeconds(10);
			assertThat(unavailable()).isEqualTo(10 * i);
			assertThat(count("mail", "pending")).isNaN();
		}
		assertThat(output.getAll().split("cannot be counted", -1)).hasSize(2);
		then(this.jobs).should(times(6)).queues();
	}

	@Test
	void whoReadsWhileAnotherAsksIsToldWhatWasKnown() throws Exception {
		CountDownLatch asked = new CountDownLatch(1);
		CountDownLatch gate = new CountDownLatch(1);
		given(this.jobs.queues()).willReturn(List.of(queue("mail", 1))).willAnswer((call) -> {
			asked.countDown();
			gate.await();
			return List.of(queue("mail", 2));
		});
		this.meters.bindTo(this.registry);
		unavailable();
		this.now = this.now.plusSeconds(10);
		Thread slow = new Thread(this::unavailable);
		slow.start();
		asked.await();
		assertThat(count("mail", "pending")).isEqualTo(1);
		gate.countDown();
		slow.join();
		assertThat(count("mail", "pending")).isEqualTo(2);
	}

	@Test
	void databaseThatIsDownFromTheStartIsNotAsked() {
		given(this.jobs.unavailableSince()).willReturn(this.now.minusSeconds(3));
		this.meters.bindTo(this.registry);
		assertThat(unavailable()).isEqualTo(3);
		then(this.jobs).should(never()).queues();
	}

	private double unavailable() {
		return this.registry.get("background.jobs.durable.unavailable").timeGauge().value(TimeUnit.SECONDS);
	}

	private double count(String name, String state) {
		return this.registry.get("background.jobs.durable").tags("name", name, "state", state).gauge().value();
	}

	private double oldest(String name) {
		return this.registry.get("background.jobs.durable.oldest")
			.tag("name", name)
			.timeGauge()
			.value(TimeUnit.SECONDS);
	}

	private static DurableQueue queue(String name, long pending) {
		return new DurableQueue(name, true, pending, 0, 0, 0, null);
	}

	private static DurableQueue unknown(String name, Instant due) {
		return new DurableQueue(name, false, 1, 2, 3, 4, due);
	}

}

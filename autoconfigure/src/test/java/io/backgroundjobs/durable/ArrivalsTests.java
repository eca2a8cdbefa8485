package io.backgroundjobs.durable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Arrivals}.
 */
class ArrivalsTests {

	private static final Runnable CARRIED = Arrivals::arrived;

	private final AtomicInteger looks = new AtomicInteger();

	private final List<RuntimeException> failures = new ArrayList<>();

	private final Arrivals arrivals = new Arrivals(this.looks::incrementAndGet, this.failures::add);

	@Test
	void afterAFullBatchThereIsAnotherLookOnceAllHaveCome() {
		this.arrivals.begin(3);
		List<Runnable> rows = List.of(this.arrivals.found(CARRIED), this.arrivals.found(CARRIED),
				this.arrivals.found(CARRIED));
		rows.get(2).run();
		rows.get(0).run();
		assertThat(this.looks).hasValue(0);
		rows.get(1).run();
		assertThat(this.looks).hasValue(1);
	}

	@Test
	void afterABatchThatIsNotFullThereIsNone() {
		this.arrivals.begin(3);
		this.arrivals.found(CARRIED).run();
		this.arrivals.found(CARRIED).run();
		assertThat(this.looks).hasValue(0);
	}

	/**
	 * The first may come before the last is found.
	 */
	@Test
	void aBatchThatComesInPartsIsAFullOne() {
		this.arrivals.begin(2);
		this.arrivals.found(CARRIED).run();
		assertThat(this.looks).hasValue(0);
		this.arrivals.found(CARRIED).run();
		assertThat(this.looks).hasValue(1);
	}

	/**
	 * They would be found again, or come on top of what there is room for.
	 */
	@Test
	void aLookWaitsForWhatTheLastOneHasFound() throws Exception {
		this.arrivals.begin(10);
		Runnable carried = this.arrivals.found(CARRIED);
		Runnable skipped = this.arrivals.found(CARRIED);
		carried.run();
		long begin = System.nanoTime();
		CompletableFuture<Void> comes = CompletableFuture.runAsync(skipped,
				CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
		assertThat(this.arrivals.await()).isTrue();
		assertThat(System.nanoTime() - begin).isBetween(TimeUnit.MILLISECONDS.toNanos(40),
				TimeUnit.MILLISECONDS.toNanos(900));
		comes.get();
	}

	/**
	 * As one does whose row another transaction has locked.
	 */
	@Test
	void aRowThatDoesNotComeHoldsUpTheOthersForASecond() {
		this.arrivals.begin(1);
		Runnable late = this.arrivals.found(CARRIED);
		long begin = System.nanoTime();
		assertThat(this.arrivals.await()).isTrue();
		assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(TimeUnit.SECONDS.toNanos(1));
		this.arrivals.begin(5);
		begin = System.nanoTime();
		assertThat(this.arrivals.await()).isTrue();
		assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(1));
		late.run();
		assertThat(this.looks).as("looks after the full batch").hasValue(1);
	}

	@Test
	void anInterruptEndsTheWait() {
		this.arrivals.begin(1);
		this.arrivals.found(CARRIED);
		Thread.currentThread().interrupt();
		assertThat(this.arrivals.await()).isFalse();
		assertThat(Thread.interrupted()).isFalse();
	}

	/**
	 * Else they would be found and fail again as fast as the database can.
	 */
	@Test
	void whereRowsFailNobodyLooksAtOnceAndTheFirstFailureIsTold() {
		this.arrivals.begin(3);
		List<Runnable> rows = new ArrayList<>();
		for (String number : List.of("1", "2")) {
			rows.add(this.arrivals.found(() -> {
				throw new IllegalStateException(number);
			}));
		}
		rows.add(this.arrivals.found(CARRIED));
		rows.forEach(Runnable::run);
		assertThat(this.failures).singleElement().hasToString("java.lang.IllegalStateException: 1");
		assertThat(this.looks).hasValue(0);
		assertComeAtOnce();
	}

	@Test
	void whatFailsAfterTheRowHasComeIsNotSwallowed() {
		this.arrivals.begin(1);
		Runnable row = this.arrivals.found(() -> {
			Arrivals.arrived();
			throw new IllegalStateException("later");
		});
		assertThatIllegalStateException().isThrownBy(row::run).withMessage("later");
		assertThat(this.failures).isEmpty();
		assertThat(this.looks).hasValue(1);
	}

	@Test
	void aRowWhoseThreadHasAnErrorHasCome() {
		this.arrivals.begin(5);
		Runnable row = this.arrivals.found(() -> {
			throw new StackOverflowError("deep");
		});
		assertThatExceptionOfType(StackOverflowError.class).isThrownBy(row::run);
		assertComeAtOnce();
	}

	@Test
	void aRowThatNoThreadTakesHasCome() {
		this.arrivals.begin(5);
		ExecutorService carriers = DurableThreads.carriers(this.arrivals);
		carriers.shutdown();
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> carriers.execute(CARRIED));
		assertComeAtOnce();
	}

	@Test
	void whoHasToDoWithNoRowChangesNothing() {
		this.arrivals.begin(1);
		Runnable row = this.arrivals.found(() -> {
			Arrivals.arrived();
			Arrivals.arrived();
		});
		Arrivals.arrived();
		assertThat(this.looks).hasValue(0);
		row.run();
		Arrivals.arrived();
		assertThat(this.looks).hasValue(1);
	}

	private void assertComeAtOnce() {
		long begin = System.nanoTime();
		assertThat(this.arrivals.await()).isTrue();
		assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(1));
	}

}

package io.backgroundjobs.durable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.backgroundjobs.JobOptions;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.durable.Intake.Batch;
import io.backgroundjobs.engine.JobEngine;
import io.backgroundjobs.engine.JobEngineBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * How many jobs may come out of the database.
 */
class IntakeTests {

	private static final int REQUESTED = 1000;

	private final JobEngine engine = new JobEngineBuilder().pool(PoolSpec.named("default").withLimit(10))
		.pool(PoolSpec.named("small").withLimit(2))
		.build();

	private final AtomicInteger looks = new AtomicInteger();

	private final AtomicInteger soon = new AtomicInteger();

	private final Intake intake = new Intake(this.engine, this.looks::incrementAndGet,
			(delay) -> this.soon.incrementAndGet());

	@BeforeEach
	void start() {
		this.engine.start();
	}

	@AfterEach
	void stop() {
		this.engine.stop();
	}

	@Test
	void aPoolGetsItsPlacesAndAsManyThatWait() {
		this.intake.add("text", "default");
		assertThat(this.intake.next(REQUESTED)).isEqualTo(new Batch(20, List.of("text"), List.of()));
	}

	@Test
	void theFullestPoolBoundsTheBatch() {
		this.intake.add("text", "default");
		this.intake.attend("shared", "small");
		assertThat(this.intake.next(REQUESTED)).isEqualTo(new Batch(4, List.of("text"), List.of("shared")));
	}

	@Test
	void aPausedPoolGetsNothing() {
		this.intake.add("text", "default");
		this.intake.add("other", "small");
		this.engine.pausePool("default");
		assertThat(this.intake.next(REQUESTED).stored()).containsExactly("other");
	}

	@Test
	void aPeriodicJobInWhichThisInstanceTakesNoPartIsLeftToOthers() {
		this.intake.attend("shared", "default");
		this.intake.leave("shared");
		assertThat(this.intake.next(REQUESTED).isEmpty()).isTrue();
		assertThat(this.intake.next(REQUESTED).condition()).contains("1 = 0");
	}

	@Test
	void jobsWhoseRowsTheDatabaseIsSlowToWriteCount() throws Exception {
		this.intake.add("text", "default");
		List<CompletionHandler<byte[]>> endings = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			endings.add(carry("default"));
		}
		assertThat(this.intake.next(REQUESTED).isEmpty()).isTrue();
		int before = this.looks.get();
		for (CompletionHandler<byte[]> ending : endings) {
			ending.complete(null, null);
		}
		assertThat(this.looks.get()).isGreaterThan(before);
		assertThat(this.intake.next(REQUESTED).limit()).isEqualTo(20);
	}

	/**
	 * A job's row may be written before its place is free.
	 */
	@Test
	void aPlaceThatIsFreeAfterTheLastRowIsFoundSoon() throws Exception {
		this.intake.add("text", "small");
		CountDownLatch gate = new CountDownLatch(1);
		this.engine.resizePool("small", 1);
		this.engine.spawn(JobOptions.named("other").pool("small"), () -> gate.await(10, TimeUnit.SECONDS));
		CompletionHandler<byte[]> ending = this.intake.carry("small", (started) -> (complete, row) -> {
			// written
		});
		CompletionHandler<byte[]> another = this.intake.carry("small", (started) -> (complete, row) -> {
			// written
		});
		assertThat(this.intake.next(REQUESTED).isEmpty()).isTrue();
		assertThat(this.soon).hasValue(0);
		ending.complete(null, null);
		another.complete(null, null);
		assertThat(this.looks.get() + this.soon.get()).isPositive();
		gate.countDown();
	}

	@Test
	void aPoolThatIsResumedReleasedOrEnlargedIsLookedForAtOnce() {
		this.intake.add("text", "small");
		this.engine.pausePool("small");
		this.intake.next(REQUESTED);
		assertThat(this.looks).hasValue(0);
		this.engine.resumePool("small");
		assertThat(this.looks).hasValue(1);
		this.engine.hold();
		this.intake.next(REQUESTED);
		this.engine.release();
		assertThat(this.looks).hasValue(2);
		for (int i = 0; i < 4; i++) {
			this.intake.carry("small", (started) -> (complete, row) -> {
				// written
			});
		}
		this.intake.next(REQUESTED);
		this.engine.resizePool("small", 10);
		assertThat(this.looks).hasValue(3);
	}

	@Test
	void aJobThatCouldNotBeCarriedOrWrittenCountsNoMore() {
		this.intake.add("text", "default");
		for (int i = 0; i < 20; i++) {
			assertThatIllegalStateException().isThrownBy(() -> this.intake.carry("default", (started) -> {
				throw new IllegalStateException("not carried");
			}));
			CompletionHandler<byte[]> unwritten = this.intake.carry("default", (started) -> (complete, row) -> {
				throw new IllegalStateException("not written");
			});
			assertThatIllegalStateException().isThrownBy(() -> unwritten.complete(null, null));
		}
		assertThat(this.intake.next(REQUESTED).limit()).isEqualTo(20);
	}

	private CompletionHandler<byte[]> carry(String pool) {
		return this.intake.carry(pool, (started) -> {
			started.run();
			return (complete, row) -> {
				// written
			};
		});
	}

}

package io.backgroundjobs.engine;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobState;
import io.backgroundjobs.PauseNote;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.TickResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class PauseNoteTests {

	private final ClockedEngine clocked = new ClockedEngine();

	private final JobEngine engine = this.clocked.engine();

	@Test
	void periodicJobKeepsWhoPausedItWhenAndWhy() throws Exception {
		this.engine.start();
		PeriodicJobHandle job = this.engine.addPeriodic("job", ClockedEngine.SECOND, () -> "done");
		assertThat(job.pauseNote()).isNull();
		this.clocked.pass(Duration.ofSeconds(2));
		job.pause("ada", "disk full");
		assertThat(job.isPaused()).isTrue();
		assertThat(job.pauseNote()).isEqualTo(new PauseNote(true, this.clocked.clock().instant(), "ada", "disk full"));
		this.clocked.pass(Duration.ofSeconds(3));
		assertThat(ClockedEngine.count(job, TickResult.PAUSED)).isEqualTo(3);
		job.resume("bob", null);
		assertThat(job.isPaused()).isFalse();
		assertThat(job.pauseNote()).isEqualTo(new PauseNote(false, this.clocked.clock().instant(), "bob", null));
		this.engine.stop();
	}

	@Test
	void pauseWithoutANoteReplacesTheNote() {
		PeriodicJobHandle job = this.engine.addPeriodic("job", ClockedEngine.SECOND, () -> "done");
		job.pause("ada", "disk full");
		job.pause();
		assertThat(job.pauseNote()).isEqualTo(new PauseNote(true, this.clocked.clock().instant(), null, null));
		job.resume();
		assertThat(job.pauseNote().paused()).isFalse();
	}

	@Test
	void jobThatBeginsPausedHasNoNote() {
		PeriodicJobHandle job = this.engine
			.addPeriodic(PeriodicJobSpec.named("job").every(ClockedEngine.SECOND).paused(true), () -> "done");
		assertThat(job.isPaused()).isTrue();
		assertThat(job.pauseNote()).isNull();
	}

	@Test
	void poolKeepsWhoPausedItWhenAndWhy() throws Exception {
		this.engine.start();
		assertThat(this.engine.poolPauseNote("default")).isNull();
		this.engine.pausePool("default", "ada", "database moves");
		Job<String> held = this.engine.spawn("held", () -> "done");
		assertThat(held.state()).isEqualTo(JobState.PENDING);
		assertThat(this.engine.poolPauseNote("default"))
			.isEqualTo(new PauseNote(true, this.clocked.clock().instant(), "ada", "database moves"));
		this.engine.resumePool("default", "bob", "moved");
		assertThat(held.await()).isEqualTo("done");
		assertThat(this.engine.poolPauseNote("default"))
			.isEqualTo(new PauseNote(false, this.clocked.clock().instant(), "bob", "moved"));
		this.engine.pausePool("default");
		assertThat(this.engine.poolPauseNote("default").by()).isNull();
		this.engine.resumePool("default");
		this.engine.stop();
	}

	@Test
	void unknownPoolHasNoNotes() {
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> this.engine.poolPauseNote("unknown"));
		assertThatExceptionOfType(JobConfigurationException.class)
			.isThrownBy(() -> this.engine.pausePool("unknown", "ada", null));
	}

}

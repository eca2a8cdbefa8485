package io.backgroundjobs.engine;

import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.backgroundjobs.Job;

import static org.assertj.core.api.Assertions.assertThat;

class StackTraceTests {

	private final JobEngine engine = new JobEngineBuilder().build();

	private final Gate gate = new Gate();

	StackTraceTests() {
		this.engine.start();
	}

	@AfterEach
	void stop() {
		this.engine.stop();
	}

	@Test
	void runningJobShowsWhereItsBodyIs() throws Exception {
		Job<?> job = this.engine.spawn("job", () -> {
			this.gate.pass();
			return "done";
		});
		this.gate.awaitEntered(1);
		assertThat(job.stackTrace()).anySatisfy((frame) -> {
			assertThat(frame.getClassName()).isEqualTo(Gate.class.getName());
			assertThat(frame.getMethodName()).isEqualTo("pass");
		});
		assertThat(this.engine.overrunning()).isEmpty();
		this.gate.open(1);
		job.await();
		Eventually.holds(() -> job.stackTrace().isEmpty());
	}

	@Test
	void bodyThatIgnoresItsInterruptIsListedAndShowsWhereItIs() throws Exception {
		Job<?> job = this.engine.spawn("job", () -> this.gate.passUninterrupted());
		this.gate.awaitEntered(1);
		job.cancel();
		assertThat(this.engine.jobs()).isEmpty();
		assertThat(this.engine.overrunning().stream().map(Job::id)).containsExactly(job.id());
		assertThat(job.stackTrace()).extracting(StackTraceElement::getMethodName).contains("passUninterrupted");
		this.gate.open(1);
		Eventually.holds(() -> this.engine.overrunning().isEmpty() && job.stackTrace().isEmpty());
	}

	@Test
	void jobThatNoThreadIsInsideHasNone() throws Exception {
		this.engine.pausePool("default");
		Job<?> pending = this.engine.spawn("pending", () -> "done");
		assertThat(pending.stackTrace()).isEmpty();
		this.engine.resumePool("default");
		pending.await();
		CompletableFuture<String> stage = new CompletableFuture<>();
		Job<String> remote = this.engine.spawnAsync("remote", (context) -> stage);
		Eventually.holds(() -> remote.attempts() == 1 && remote.stackTrace().isEmpty());
		stage.complete("done");
		assertThat(remote.await()).isEqualTo("done");
		assertThat(Job.completed("done").stackTrace()).isEmpty();
	}

}

package io.backgroundjobs.engine;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.PoolResource;
import io.backgroundjobs.PoolSpec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of what is opened before a pool's first job and closed after its last.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
@ExtendWith(OutputCaptureExtension.class)
class PoolResourceTests {

	private final List<String> events = new CopyOnWriteArrayList<>();

	private final JobEngineBuilder builder = new JobEngineBuilder().clock(new ManualClock())
		.pool(PoolSpec.named("mail"));

	@Test
	void resourcesAreOpenAsLongAsJobsMayRunAndClosedInTheReverseOrder() throws Exception {
		JobEngine engine = this.builder.resource(new Resource("mail", "a"))
			.resource(new Resource("default", "b"))
			.build();
		assertThat(this.events).isEmpty();
		engine.start();
		assertThat(this.events).containsExactly("open a", "open b");
		Gate gate = new Gate();
		engine.spawn(JobOptions.named("send").pool("mail"), () -> {
			gate.passUninterrupted();
			this.events.add("last job");
		});
		gate.awaitEntered(1);
		Thread stopper = new Thread(engine::stop);
		stopper.start();
		Eventually.waits(stopper);
		assertThat(this.events).hasSize(2);
		gate.open(1);
		stopper.join();
		assertThat(this.events).containsExactly("open a", "open b", "last job", "close b", "close a");
	}

	@Test
	void resourcesAreOpenedAgainAfterARestartAndClosedOncePerOpen() {
		JobEngine engine = this.builder.resource(new Resource("mail", "a")).build();
		engine.stop();
		engine.start();
		engine.start();
		engine.stop();
		engine.stop();
		engine.start();
		engine.stop();
		assertThat(this.events).containsExactly("open a", "close a", "open a", "close a");
	}

	@Test
	void resourceThatCannotBeOpenedFailsTheStartAndLeavesNothingOpen() {
		JobEngine engine = this.builder.resource(new Resource("mail", "a"))
			.resource(new Resource("mail", "b"))
			.resource(new Resource("mail", "bad"))
			.resource(new Resource("mail", "never"))
			.build();
		assertThatIllegalStateException().isThrownBy(engine::start)
			.withMessageContainingAll(Resource.class.getName(), "of pool 'mail' could not be opened")
			.withStackTraceContaining("no bad");
		assertThat(this.events).containsExactly("open a", "open b", "close b", "close a");
		assertThat(engine.isRunning()).isFalse();
		assertThat(engine.isTicking()).isFalse();
		engine.stop();
		assertThat(this.events).hasSize(4);
	}

	@Test
	void startIsPossibleAgainWhenTheResourceHasRecovered() {
		Resource resource = new Resource("mail", "bad");
		JobEngine engine = this.builder.resource(resource).build();
		assertThatIllegalStateException().isThrownBy(engine::start);
		resource.name = "good";
		engine.start();
		assertThat(engine.isRunning()).isTrue();
		engine.stop();
		assertThat(this.events).containsExactly("open good", "close good");
	}

	@Test
	void resourceThatCannotBeClosedIsLoggedAndTheOthersAreClosed(CapturedOutput output) {
		Resource resource = new Resource("mail", "b");
		JobEngine engine = this.builder.resource(new Resource("mail", "a")).resource(resource).build();
		engine.start();
		resource.name = "bad";
		engine.stop();
		assertThat(this.events).containsExactly("open a", "open b", "close a");
		assertThat(output).contains("of pool 'mail' could not be closed", "no bad");
	}

	@Test
	void resourceOfAPoolThatDoesNotExistFailsTheBuild() {
		this.builder.resource(new Resource("nowhere", "a"));
		assertThatExceptionOfType(JobConfigurationException.class).isThrownBy(this.builder::build)
			.withMessageContaining("'nowhere'");
	}

	/**
	 * Notes what is done to it, and does nothing if it is bad.
	 */
	private final class Resource implements PoolResource {

		private final String pool;

		private String name;

		Resource(String pool, String name) {
			this.pool = pool;
			this.name = name;
		}

		@Override
		public String pool() {
			return this.pool;
		}

		@Override
		public void open() throws Exception {
			note("open");
		}

		@Override
		public void close() throws Exception {
			note("close");
		}

		private void note(String what) throws Exception {
			if (this.name.equals("bad")) {
				throw new Exception("no bad");
			}
			PoolResourceTests.this.events.add(what + " " + this.name);
		}

	}

}

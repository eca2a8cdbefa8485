package io.backgroundjobs.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.PoolSnapshot;
import io.backgroundjobs.PoolSpec;

/**
 * Engines that are stopped after each test, and short words for what is asked of them.
 */
final class PoolBench implements AfterEachCallback {

	private final List<JobEngine> engines = new ArrayList<>();

	private final List<Gate> gates = new ArrayList<>();

	/**
	 * Start an engine with some pools.
	 */
	JobEngine start(PoolSpec... pools) {
		return start((builder) -> {
		}, pools);
	}

	JobEngine start(Consumer<JobEngineBuilder> settings, PoolSpec... pools) {
		JobEngineBuilder builder = new JobEngineBuilder();
		for (PoolSpec pool : pools) {
			builder.pool(pool);
		}
		settings.accept(builder);
		JobEngine engine = builder.build();
		this.engines.add(engine);
		engine.start();
		return engine;
	}

	/**
	 * Make a gate that is open at the end, whatever the test does.
	 */
	Gate gate() {
		Gate gate = new Gate();
		this.gates.add(gate);
		return gate;
	}

	@Override
	public void afterEach(ExtensionContext context) throws Exception {
		this.gates.forEach((gate) -> gate.open(1_000_000));
		for (JobEngine engine : this.engines) {
			stop(engine);
		}
	}

	/**
	 * Stop it on another thread: where the test's clock stands still, a shutdown that
	 * waits for something broken would wait for ever.
	 */
	private static void stop(JobEngine engine) throws Exception {
		FutureTask<Object> stop = new FutureTask<>(engine::stop);
		Thread thread = new Thread(stop, "stops");
		thread.setDaemon(true);
		thread.start();
		stop.get(10, TimeUnit.SECONDS);
	}

	static PoolSpec pool(int limit) {
		return pool("default", limit);
	}

	static PoolSpec pool(String name, int limit) {
		return PoolSpec.named(name).withLimit(limit);
	}

	static JobOptions in(String pool) {
		return JobOptions.named("job").pool(pool);
	}

	static JobBody<String> through(Gate gate) {
		return (job) -> {
			gate.pass();
			return "passed";
		};
	}

	static JobBody<String> ignoring(Gate gate) {
		return (job) -> {
			gate.passUninterrupted();
			return "ignored";
		};
	}

	static PoolSnapshot look(JobEngine engine) {
		return look(engine, "default");
	}

	static PoolSnapshot look(JobEngine engine, String pool) {
		return engine.pools().stream().filter((each) -> each.name().equals(pool)).findFirst().orElseThrow();
	}

}

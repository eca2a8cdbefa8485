package io.backgroundjobs.annotation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

import org.mockito.ArgumentMatchers;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobBody;
import io.backgroundjobs.JobConfigurationException;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobKind;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.PeriodicJobHandle;
import io.backgroundjobs.PeriodicJobSpec;
import io.backgroundjobs.PoolSnapshot;
import io.backgroundjobs.engine.JobEngine;

import static org.mockito.ArgumentMatchers.any;

/**
 * An engine that keeps what it is given, and runs it when a test says so.
 */
final class RecordingEngine {

	final JobEngine engine = Mockito.mock(JobEngine.class);

	final JobContext running = Mockito.mock(JobContext.class);

	final Map<String, PeriodicJobSpec> specs = new LinkedHashMap<>();

	final Map<String, JobBody<?>> bodies = new LinkedHashMap<>();

	final List<PeriodicJobHandle> handles = new ArrayList<>();

	final List<Spawn> spawns = new ArrayList<>();

	RecordingEngine() {
		BDDMockito.given(this.engine.addPeriodic(any(PeriodicJobSpec.class), ArgumentMatchers.<JobBody<?>>any()))
			.willAnswer((call) -> add(call.getArgument(0), call.getArgument(1)));
		BDDMockito
			.given(this.engine.spawn(any(JobKind.class), any(JobOptions.class),
					ArgumentMatchers.<JobBody<Object>>any()))
			.willAnswer((call) -> spawn(call.getArgument(0), call.getArgument(1), call.getArgument(2)));
		BDDMockito.given(this.engine.spawnAsync(any(JobKind.class), any(JobOptions.class), any()))
			.willAnswer((call) -> spawn(call.getArgument(0), call.getArgument(1), call.getArgument(2)));
		PoolSnapshot pool = Mockito.mock(PoolSnapshot.class);
		BDDMockito.given(pool.name()).willReturn("default");
		BDDMockito.given(this.engine.pools()).willReturn(List.of(pool));
	}

	PeriodicJobSpec spec(String name) {
		return this.specs.get(name);
	}

	Object run(String name) throws Exception {
		return this.bodies.get(name).run(this.running);
	}

	Spawn onlySpawn() {
		if (this.spawns.size() != 1) {
			throw new AssertionError("Expected one spawn: " + this.spawns);
		}
		return this.spawns.get(0);
	}

	Object runOnlySpawn() throws Exception {
		return onlySpawn().body().run(this.running);
	}

	private PeriodicJobHandle add(PeriodicJobSpec spec, JobBody<?> body) {
		if (spec.run().pool() != null && !spec.run().pool().equals("default")) {
			throw new JobConfigurationException("There is no pool '" + spec.run().pool() + "'", "Declare it.");
		}
		this.specs.put(spec.name(), spec);
		this.bodies.put(spec.name(), body);
		PeriodicJobHandle handle = Mockito.mock(PeriodicJobHandle.class);
		this.handles.add(handle);
		return handle;
	}

	private Job<?> spawn(JobKind kind, JobOptions options, JobBody<?> body) {
		Job<?> job = Job.completed("of " + options.name());
		this.spawns.add(new Spawn(kind, options, body, job));
		return job;
	}

	record Spawn(JobKind kind, JobOptions options, JobBody<?> body, Job<?> job) {

		@SuppressWarnings("unchecked")
		CompletionStage<Object> stage(JobContext context) throws Exception {
			return (CompletionStage<Object>) body().run(context);
		}

	}

}

package io.backgroundjobs.annotation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.mockito.Mockito;

import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.JobState;
import io.backgroundjobs.StoredJob;
import io.backgroundjobs.engine.JobStore;
import io.backgroundjobs.engine.StoredJobType;

/**
 * A store that keeps what it is given, and runs it when a test says so.
 */
class RecordingStore implements JobStore {

	final JobContext running = Mockito.mock(JobContext.class);

	final Map<String, StoredJobType> types = new LinkedHashMap<>();

	final List<Spawn> spawns = new ArrayList<>();

	@Override
	public void register(StoredJobType type) {
		this.types.put(type.name(), type);
	}

	@Override
	public StoredJob spawn(JobOptions options, List<Object> arguments) {
		this.spawns.add(new Spawn(options, arguments));
		return new StoredJob(options.name(), "1", "1", JobState.PENDING, Instant.EPOCH, Instant.EPOCH, 0, null, null,
				null);
	}

	StoredJobType type(String name) {
		return this.types.get(name);
	}

	Spawn onlySpawn() {
		if (this.spawns.size() != 1) {
			throw new AssertionError("Expected one spawn: " + this.spawns);
		}
		return this.spawns.get(0);
	}

	/**
	 * Run what has been spawned first, as an instance would that has read it back.
	 */
	Object runFirst() throws Exception {
		Spawn spawn = this.spawns.remove(0);
		return type(spawn.options().name()).body().run(spawn.arguments(), this.running);
	}

	record Spawn(JobOptions options, List<Object> arguments) {

	}

}

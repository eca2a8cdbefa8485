package io.backgroundjobs.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import io.backgroundjobs.process.ClusterRecord.Run;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A periodic job of every second that three instances on one PostgreSQL share. The one
 * that is in the middle of a run is killed, and another one terminated.
 * {@code -Dsignal.seed=…} repeats a run.
 */
@Isolated
class DurableClusterTests {

	/** What a dead instance has held is free after four heartbeats and a look for it. */
	private static final Duration TAKE_OVER = Duration.ofSeconds(30);

	private static final int INSTANCES = 3;

	@TempDir
	private Path directory;

	/** Each run that a kill has interrupted, and the one that followed. */
	private final Map<Run, Run> takenOver = new LinkedHashMap<>();

	/** Runs in whose middle their instance was terminated. */
	private final List<Run> drained = new ArrayList<>();

	@Test
	void eachInstantIsOneInstancesAlsoAcrossAKill() throws Exception {
		run(Duration.ZERO);
	}

	@Test
	@Tag("long")
	void eachInstantOfTwoMinutesIsOneInstancesAlsoAcrossKills() throws Exception {
		run(Duration.ofSeconds(120));
	}

	private void run(Duration atLeast) throws Exception {
		long seed = Long.getLong("signal.seed", System.currentTimeMillis() % 1_000_000_000);
		TestDatabase database = TestDatabase.create();
		ClusterRecord record = new ClusterRecord(database);
		Random random = new Random(seed);
		try (DurableFleet fleet = new DurableFleet(database, this.directory,
				List.of("--durable.shared=true", "--durable.spawns=false", "--durable.seed=" + seed))) {
			for (int i = 0; i < INSTANCES; i++) {
				fleet.start();
			}
			long start = System.nanoTime();
			do {
				signal(fleet, record, random);
			}
			while (System.nanoTime() - start < atLeast.toNanos());
			fleet.members().forEach(record::awaitPart);
			fleet.terminate();
			System.out.printf("seed %d: %s, taken over after %s%n", seed, record, gaps());
			check(record, fleet);
		}
	}

	/**
	 * Kill an instance, and terminate another one before or after that.
	 */
	private void signal(DurableFleet fleet, ClusterRecord record, Random random) throws IOException {
		boolean terminatedFirst = random.nextBoolean();
		if (terminatedFirst) {
			terminate(fleet, record, random);
		}
		kill(fleet, record, random);
		if (!terminatedFirst) {
			terminate(fleet, record, random);
		}
	}

	private void kill(DurableFleet fleet, ClusterRecord record, Random random) throws IOException {
		Run interrupted = awaitRun(fleet, record, random);
		fleet.end(interrupted.instance(), true);
		this.takenOver.put(interrupted, record.awaitNext(interrupted));
		fleet.start();
	}

	private void terminate(DurableFleet fleet, ClusterRecord record, Random random) throws IOException {
		Run run = awaitRun(fleet, record, random);
		fleet.end(run.instance(), false);
		this.drained.add(run);
		record.awaitNext(run);
		fleet.start();
	}

	private static Run awaitRun(DurableFleet fleet, ClusterRecord record, Random random) {
		fleet.members().forEach(record::awaitPart);
		LockSupport.parkNanos(Duration.ofMillis(random.nextInt(3000)).toNanos());
		return record.awaitRun();
	}

	private List<Duration> gaps() {
		return this.takenOver.entrySet()
			.stream()
			.map((entry) -> Duration.between(entry.getKey().start(), entry.getValue().start()))
			.toList();
	}

	private void check(ClusterRecord record, DurableFleet fleet) {
		List<Run> runs = record.runs();
		List<Run> ended = runs.stream().filter((run) -> run.end() != null).toList();
		assertThat(runs.stream().filter((run) -> run.end() == null)).as("interrupted")
			.containsExactlyElementsOf(this.takenOver.keySet());
		assertThat(ended).as("ended").extracting(Run::instant).doesNotHaveDuplicates();
		assertThat(ended).extracting(Run::id).containsAll(this.drained.stream().map(Run::id).toList());
		for (int i = 1; i < runs.size(); i++) {
			assertThat(Duration.between(runs.get(i - 1).start(), runs.get(i).start())).as("before " + runs.get(i))
				.isLessThanOrEqualTo(TAKE_OVER);
		}
		this.takenOver.forEach((interrupted, next) -> {
			long missed = Duration.between(interrupted.instant(), next.instant()).toSeconds();
			assertThat(record.missedBy(next.instance())).as("missed before " + next).isGreaterThanOrEqualTo(missed);
		});
		assertThat(record.ticks("ran")).as("ran").isEqualTo(ended.size());
		assertThat(record.accounted()).as("instants with a result").isEqualTo(record.instants());
		assertThat(fleet.started())
			.allSatisfy((instance) -> assertThat(instance.complaints()).as(instance::log).isEmpty());
	}

}

package io.backgroundjobs.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.backgroundjobs.process.durable.Handover;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two and three instances on one PostgreSQL, killed and terminated at random moments
 * while they spawn durable jobs and run them. {@code -Dsignal.seed=…} repeats a run.
 */
@Isolated
class DurableSignalTests {

	/** What a dead instance has held is free after four heartbeats and a look for it. */
	private static final Duration TAKE_OVER = Duration.ofSeconds(30);

	@TempDir
	private Path directory;

	@ParameterizedTest(name = "{0} instances")
	@ValueSource(ints = { 2, 3 })
	void eachCommittedJobRunsAndOnlyAKillMakesOneRunTwice(int instances) throws Exception {
		run(instances, 2_000, 4);
	}

	@ParameterizedTest(name = "{0} instances")
	@ValueSource(ints = { 2, 3 })
	@Tag("long")
	void eachOfTenThousandCommittedJobsRunsAndOnlyAKillMakesOneRunTwice(int instances) throws Exception {
		run(instances, 10_000, 20);
	}

	private void run(int instances, int jobs, int signals) throws Exception {
		long seed = Long.getLong("signal.seed", System.currentTimeMillis() % 1_000_000_000);
		TestDatabase database = TestDatabase.create();
		DurableRecord record = new DurableRecord(database);
		Random random = new Random(seed);
		boolean virtual = Runtime.version().feature() >= 21 && random.nextBoolean();
		try (DurableFleet fleet = new DurableFleet(database, this.directory, List.of("--durable.seed=" + seed,
				"--durable.pause=10", "--spring.threads.virtual.enabled=" + virtual))) {
			for (int i = 0; i < instances; i++) {
				fleet.start();
			}
			signal(fleet, record, signals, random);
			record.awaitCommitted(jobs);
			record.endSpawning();
			record.awaitEmptyQueue(TAKE_OVER);
			fleet.terminate();
			System.out.printf("seed %d, %d instances%s: %s%n", seed, instances, virtual ? " on virtual threads" : "",
					record);
			check(record, fleet);
		}
	}

	@Test
	void whatATerminatedInstanceCannotFinishIsFreeForOthersAndCountsAsNoAttempt() throws Exception {
		TestDatabase database = TestDatabase.create();
		DurableRecord record = new DurableRecord(database);
		try (DurableFleet fleet = new DurableFleet(database, this.directory, List.of())) {
			DurableInstance first = fleet.start("--durable.millis=3000", "--durable.pause=100",
					"--background-jobs.shutdown.wait-timeout=500ms");
			record.awaitWork(first);
			record.awaitCommitted(15);
			record.endSpawning();
			fleet.terminate();
			assertThat(record.attempts("interrupted")).as(first::log).isPositive();
			assertThat(record.held()).as(first::log).isZero();
			fleet.start("--durable.spawns=false");
			record.awaitEmptyQueue(TAKE_OVER);
			fleet.terminate();
			System.out.println("handed back: " + record.attempts("interrupted"));
			assertThat(record.lost()).isEmpty();
			assertThat(record.miscounted()).isEmpty();
			assertThat(record.doneMoreThanOnce()).isEmpty();
		}
	}

	/**
	 * Send kills and terminations in any order, as many of both. Most find all instances
	 * at work, and some find one that is starting.
	 */
	private static void signal(DurableFleet fleet, DurableRecord record, int signals, Random random)
			throws IOException {
		List<Boolean> kills = new ArrayList<>();
		for (int i = 0; i < signals; i++) {
			kills.add(i % 2 == 0);
		}
		Collections.shuffle(kills, random);
		for (boolean kill : kills) {
			if (fleet.started().size() == fleet.members().size() || random.nextInt(4) > 0) {
				fleet.members().forEach(record::awaitWork);
			}
			LockSupport.parkNanos(Duration.ofMillis(random.nextInt(2000)).toNanos());
			fleet.replaceOne(random, kill);
		}
	}

	private static void check(DurableRecord record, DurableFleet fleet) {
		assertThat(record.lost()).as("lost").isEmpty();
		assertThat(record.uncommitted()).as("run without a commit")
			.allMatch((number) -> Handover.of(number) == Handover.PLAIN);
		assertThat(record.unexplained()).as("repeated without a kill").isEmpty();
		assertThat(record.miscounted()).as("attempts that count what a kill has ended").isEmpty();
		assertThat(fleet.started())
			.allSatisfy((instance) -> assertThat(instance.complaints()).as(instance::log).isEmpty());
	}

}

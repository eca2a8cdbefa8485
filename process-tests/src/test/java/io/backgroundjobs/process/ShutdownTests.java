package io.backgroundjobs.process;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.backgroundjobs.process.work.Form;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What may go on when an application is told to stop, each on a real process.
 */
class ShutdownTests {

	private static final String LIMIT = "--background-jobs.pools.default.limit=8";

	/** For what the process does besides the drain. */
	private static final Duration REST = Duration.ofSeconds(2);

	@TempDir
	private Path directory;

	private @Nullable ApplicationProcess application;

	@AfterEach
	void kill() {
		if (this.application != null) {
			this.application.close();
		}
	}

	@ParameterizedTest(name = "{0}")
	@ValueSource(strings = { "--server.shutdown=graceful", "--management.server.port=0" })
	void requestInFlightSpawnsWhileTheServerDrains(String argument) throws Exception {
		ApplicationProcess application = start(argument);
		CompletableFuture<HttpResponse<String>> request = application.sendAsync(Form.PLAIN, 300, "wait=1500");
		application.await("requests");
		Remains remains = terminate(REST.plusMillis(1800));
		assertThat(request.get(1, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
		assertThat(remains.rows()).containsExactly(request.get().body());
		assertThat(remains.fates(Form.PLAIN)).containsExactly("finished");
	}

	@Test
	void jobsThatSpawnEndlesslyEndAtTheWaitTimeoutAndEachIsAccountedFor() throws Exception {
		ApplicationProcess application = start("--background-jobs.shutdown.wait-timeout=1s");
		application.post(Form.ENDLESS, 10, "count=4");
		application.await("accepted");
		Remains remains = terminate(REST.plusSeconds(1));
		assertThat(remains.accepted()).hasSizeGreaterThan(50);
		assertThat(remains.lost(remains.accepted().keySet())).isEmpty();
		assertThat(remains.fates(Form.ENDLESS)).contains("finished").containsAnyOf("cancelled", "dropped");
	}

	@Test
	void shieldedJobsRunningAndPendingFinishAfterTheWaitTimeoutAndOthersAreCancelled() throws Exception {
		ApplicationProcess application = start("--background-jobs.shutdown.wait-timeout=1s",
				"--background-jobs.shutdown.shield-timeout=10s");
		List<String> ids = new ArrayList<>(application.post(Form.SHIELDED, 1500, "count=2"));
		application.post(Form.PLAIN, 20_000, "count=7");
		ids.addAll(application.post(Form.SHIELDED, 1500, "count=2"));
		Remains remains = terminate(REST.plusMillis(1000 + 1500));
		assertThat(remains.rows()).containsExactlyInAnyOrderElementsOf(ids);
		assertThat(remains.fates(Form.SHIELDED)).hasSize(4).containsOnly("finished");
		assertThat(remains.fates(Form.PLAIN)).hasSize(7).contains("cancelled").containsOnlyOnce("dropped");
	}

	@Test
	void shortPhaseCutsNothingShortAndBeansOfLowerPhasesStopAsSpringOrdersThem() throws Exception {
		ApplicationProcess application = start("--spring.lifecycle.timeout-per-shutdown-phase=1s");
		List<String> ids = application.post(Form.PLAIN, 2000, "count=16");
		Remains remains = terminate(REST.plusSeconds(4));
		assertThat(remains.rows()).containsExactlyInAnyOrderElementsOf(ids);
		// Who depends on a lifecycle is stopped before it, whatever its phase.
		assertThat(remains.stops()).containsExactly("needs-the-lifecycle 16", "needs-the-scheduler 0");
	}

	@Test
	void bodyThatIgnoresInterruptsIsReportedWithItsStackAndLeft() throws Exception {
		ApplicationProcess application = start("--background-jobs.shutdown.wait-timeout=1s",
				"--background-jobs.shutdown.shield-timeout=2s");
		application.post(Form.STUBBORN, 60_000);
		Remains remains = terminate(REST.plusSeconds(1 + 1));
		assertThat(remains.fates(Form.STUBBORN)).containsExactly("still-running");
		assertThat(remains.report().values()).filteredOn((entry) -> entry.fate().equals("still-running"))
			.allSatisfy((entry) -> assertThat(entry.stackDepth()).isPositive());
	}

	@ParameterizedTest
	@CsvSource({ "SYSTEM_EXIT, 7", "CONTEXT_CLOSE, 0", "SPRING_EXIT, 5" })
	void jobThatEndsTheApplicationIsNotWaitedForAndOthersFinish(Form form, int exitCode) throws Exception {
		ApplicationProcess application = start();
		List<String> ids = new ArrayList<>();
		ids.addAll(application.post(Form.PLAIN, 1500, "count=6"));
		ids.addAll(application.post(form, 500));
		ids.addAll(application.post(Form.PLAIN, 1500, "count=6"));
		application.expectEnd();
		Duration end = application.awaitEnd();
		Remains remains = remains();
		assertThat(end).as(application::log).isLessThan(REST.plusMillis(3000));
		assertThat(application.exitCode()).isEqualTo(exitCode);
		assertThat(remains.rows()).containsExactlyInAnyOrderElementsOf(ids);
		assertThat(remains.fates(Form.PLAIN)).hasSize(12).containsOnly("finished");
		assertThat(remains.fates(form)).containsExactly("caller");
	}

	@Test
	void secondSignalChangesNothing() throws Exception {
		ApplicationProcess application = start();
		List<String> ids = application.post(Form.PLAIN, 2000, "count=8");
		application.terminate();
		LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
		Remains remains = terminate(REST.plusSeconds(2));
		assertThat(remains.rows()).containsExactlyInAnyOrderElementsOf(ids);
	}

	@Test
	void eachKindOfJobMeetsWhatItWasPromised() throws Exception {
		eachKindOfJob();
	}

	@Test
	@Tag("virtual")
	void eachKindOfJobMeetsWhatItWasPromisedOnVirtualThreads() throws Exception {
		eachKindOfJob("--spring.threads.virtual.enabled=true");
	}

	private void eachKindOfJob(String... arguments) throws Exception {
		ApplicationProcess application = start(arguments);
		List<String> ids = new ArrayList<>();
		application.post(Form.LOOP, 0);
		application.post(Form.RETRYING, 0, "pause=60000");
		application.post(Form.DELAYED, 0, "pause=60000");
		application.await("attempts");
		ids.addAll(application.post(Form.SHIELDED_DELAYED, 10, "pause=1500"));
		ids.addAll(application.post(Form.STAGE, 1000));
		ids.addAll(application.post(Form.MONO, 1000));
		ids.addAll(application.post(Form.PLAIN, 500, "count=8"));
		Remains remains = terminate(REST.plusMillis(1500));
		assertThat(remains.rows()).containsExactlyInAnyOrderElementsOf(ids);
		assertThat(remains.fates(Form.LOOP)).containsExactly("cancelled");
		assertThat(remains.fates(Form.RETRYING)).containsExactly("dropped");
		assertThat(remains.fates(Form.DELAYED)).containsExactly("dropped");
		assertThat(remains.fates(Form.SHIELDED_DELAYED)).containsExactly("finished");
		assertThat(remains.fates(Form.STAGE)).containsExactly("finished");
		assertThat(remains.fates(Form.MONO)).containsExactly("finished");
	}

	private ApplicationProcess start(String... arguments) throws Exception {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add(LIMIT);
		this.application = ApplicationProcess.start(this.directory, all);
		return this.application;
	}

	/**
	 * Send a SIGTERM, and wait for the end, which must come in time.
	 */
	private Remains terminate(Duration longest) throws Exception {
		ApplicationProcess application = this.application;
		assertThat(application).isNotNull();
		application.terminate();
		assertThat(application.awaitEnd()).as(application::log).isLessThan(longest);
		assertThat(application.exitCode()).isEqualTo(128 + 15);
		return remains();
	}

	private Remains remains() throws Exception {
		Remains remains = Remains.of(this.directory);
		assertThat(remains.reports()).as("reports").isOne();
		assertThat(remains.failuresByClosedDatabase()).isEmpty();
		assertThat(remains.rows()).doesNotHaveDuplicates();
		return remains;
	}

}

package io.backgroundjobs.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.backgroundjobs.process.work.Form;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * SIGKILL: nobody can save what was in memory, but nothing runs twice, and the next start
 * finds no trouble.
 */
class KillTests {

	@TempDir
	private Path directory;

	@Test
	void whatWasKilledUnderLoadStartsAgainAndNothingRunsTwice() throws Exception {
		Set<String> accepted = new HashSet<>();
		try (ApplicationProcess application = ApplicationProcess.start(this.directory, List.of())) {
			Load load = new Load(application, System.nanoTime(), Long.MAX_VALUE).start();
			LockSupport.parkNanos(Duration.ofMillis(1500).toNanos());
			application.kill();
			application.awaitEnd();
			load.join();
			assertThat(application.exitCode()).isEqualTo(128 + 9);
			accepted.addAll(load.accepted().keySet());
		}
		Remains killed = Remains.of(this.directory);
		accepted.addAll(killed.accepted().keySet());
		System.out.printf("SIGKILL: %d of %d jobs were lost with the process%n", killed.lost(accepted).size(),
				accepted.size());
		assertThat(killed.rows()).isNotEmpty().doesNotHaveDuplicates().isSubsetOf(accepted);
		assertThat(killed.reports()).isZero();

		try (ApplicationProcess application = ApplicationProcess.start(this.directory, List.of())) {
			List<String> afterwards = application.post(Form.PLAIN, 10, "count=20");
			application.terminate();
			application.awaitEnd();
			Remains remains = Remains.of(this.directory);
			assertThat(remains.rows()).doesNotHaveDuplicates()
				.containsAll(killed.rows())
				.containsAll(afterwards)
				.hasSize(killed.rows().size() + afterwards.size());
			assertThat(remains.reports()).isOne();
		}
	}

}

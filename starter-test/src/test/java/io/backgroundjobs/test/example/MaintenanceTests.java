package io.backgroundjobs.test.example;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;

import io.backgroundjobs.Job;
import io.backgroundjobs.test.AutoConfigureVirtualTime;
import io.backgroundjobs.test.JobTester;
import io.backgroundjobs.test.VirtualTime;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How an application tests its periodic jobs. Part of docs/testing.md.
 */
// tag::virtual-time[]
@SpringBootTest
@AutoConfigureVirtualTime(start = "2026-03-28T12:00:00Z")
@DirtiesContext(classMode = DirtiesContext.ClassMode.AFTER_EACH_TEST_METHOD)
class MaintenanceTests {

	@Autowired
	VirtualTime time;

	@Autowired
	JobTester jobs;

	@Autowired
	OrderStore store;

	@Test
	void expiredOrdersAreRemovedEveryFiveMinutes() {
		this.time.advance(Duration.ofMinutes(4));
		assertThat(this.store.removals()).isZero();
		this.time.advance(Duration.ofMinutes(16));
		assertThat(this.store.removals()).isEqualTo(4);
	}

	@Test
	void reportIsWrittenInTheNightInWhichClocksGoForward() {
		Job<?> run = this.jobs.advanceToNextRun("nightly-report");
		assertThat(run).isNotNull();
		assertThat(this.time.now()).isEqualTo(Instant.parse("2026-03-29T01:00:00Z"));
		assertThat(this.store.reports()).isEqualTo(1);
	}

	@Test
	void reportCanBeWrittenNow() {
		this.jobs.runNow("nightly-report");
		assertThat(this.store.reports()).isEqualTo(1);
	}

}
// end::virtual-time[]

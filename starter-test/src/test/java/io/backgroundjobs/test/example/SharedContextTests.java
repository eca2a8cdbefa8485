package io.backgroundjobs.test.example;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import io.backgroundjobs.BackgroundJobScheduler;
import io.backgroundjobs.JobState;
import io.backgroundjobs.test.AutoConfigureVirtualTime;
import io.backgroundjobs.test.JobTester;
import io.backgroundjobs.test.VirtualTime;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests what test methods that share an application context have in common.
 */
@SpringBootTest
@AutoConfigureVirtualTime(start = "2026-06-01T00:00:00Z", idleTimeout = "20s")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SharedContextTests {

	private static final Instant START = Instant.parse("2026-06-01T00:00:00Z");

	@Test
	@Order(1)
	void firstMethodBeginsAtTheStart(@Autowired VirtualTime time) {
		assertThat(time.now()).isEqualTo(START);
		time.advance(Duration.ofHours(1));
	}

	@Test
	@Order(2)
	void nextMethodBeginsWhereTheFirstHasEnded(@Autowired VirtualTime time, @Autowired JobTester jobs) {
		assertThat(time.now()).isEqualTo(START.plusSeconds(3600));
		assertThat(jobs.ended("remove-expired")).hasSize(12)
			.allSatisfy((job) -> assertThat(job.state()).isEqualTo(JobState.SUCCEEDED));
	}

	@Test
	@Order(3)
	void spawnedJobsRunInRealTimeAndAreWaitedFor(@Autowired BackgroundJobScheduler scheduler,
			@Autowired VirtualTime time) {
		for (int i = 0; i < 50; i++) {
			scheduler.spawn("receipt", () -> 1);
		}
		time.awaitIdle();
		assertThat(scheduler.jobs()).isEmpty();
	}

}

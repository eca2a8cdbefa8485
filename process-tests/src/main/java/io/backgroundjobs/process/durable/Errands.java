package io.backgroundjobs.process.durable;

import java.time.Duration;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.retry.RetryPolicy;

import io.backgroundjobs.DurableJob;
import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobOptions;

/**
 * The job that runs an errand.
 */
@Configuration(proxyBeanMethods = false)
class Errands {

	@Bean
	DurableJob<Errand> errand(Ledger ledger) {
		RetryPolicy once = RetryPolicy.builder().maxRetries(1).delay(Duration.ofMillis(200)).build();
		return DurableJob.of(JobOptions.named("errand").retry(once), Errand.class,
				(errand, job) -> run(errand, job, ledger));
	}

	private static void run(Errand errand, JobContext job, Ledger ledger) throws InterruptedException {
		long id = ledger.begun(errand.number(), job.attempt());
		String outcome = "interrupted";
		try {
			Thread.sleep(errand.millis());
			if (errand.failing() && job.attempt() == 1) {
				outcome = "failed";
				throw new IllegalStateException("The first attempt fails");
			}
			outcome = "done";
		}
		finally {
			ledger.ended(id, outcome);
		}
	}

}

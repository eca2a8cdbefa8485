package io.backgroundjobs.process.async;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Keeps Spring's own scheduler busy, where a test asks for it: while it is, some set-ups
 * lose less.
 */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
@ConditionalOnProperty("process.scheduled")
class ScheduledWork {

	@Scheduled(fixedDelay = 1)
	void work() throws InterruptedException {
		Thread.sleep(1000);
	}

}

package io.backgroundjobs.benchmarks;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

/**
 * What an application writes to use {@code @Async}.
 */
@Configuration(proxyBeanMethods = false)
@EnableAsync
class AsyncApplication {

	@Bean
	Work work() {
		return new Work();
	}

	/**
	 * A bean with a method that runs elsewhere.
	 */
	static class Work {

		@Async
		void carryOut(Runnable work) {
			work.run();
		}

	}

}

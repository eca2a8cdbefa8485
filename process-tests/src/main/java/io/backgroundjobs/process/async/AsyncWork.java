package io.backgroundjobs.process.async;

import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;

import io.backgroundjobs.process.work.Work;

/**
 * A job of plain Spring.
 */
@Component
class AsyncWork {

	private final Work work;

	AsyncWork(Work work) {
		this.work = work;
	}

	@Async
	void run(String id, String name, long millis) throws InterruptedException {
		this.work.run(id, name, millis);
	}

}

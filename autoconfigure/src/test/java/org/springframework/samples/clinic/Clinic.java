package org.springframework.samples.clinic;

import org.springframework.stereotype.Component;

import io.backgroundjobs.BackgroundJob;
import io.backgroundjobs.PeriodicJob;

/**
 * A component in a package that looks like Spring's own.
 */
@Component
public class Clinic {

	@PeriodicJob(every = "1h")
	void visit() {
	}

	@BackgroundJob
	public void call() {
	}

}

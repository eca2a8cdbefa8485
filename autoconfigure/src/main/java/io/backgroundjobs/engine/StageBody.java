package io.backgroundjobs.engine;

import java.util.concurrent.CompletionStage;

import io.backgroundjobs.JobBody;

/**
 * A body whose stage's value is the result of the job, and not the stage itself.
 *
 * @param body starts the work
 */
record StageBody(JobBody<? extends CompletionStage<?>> body) {

	CompletionStage<?> start(JobRun<?> run) throws Exception {
		CompletionStage<?> stage = this.body.run(run);
		if (stage == null) {
			throw new IllegalStateException("The body of job '" + run.name() + "' returned null instead of a stage");
		}
		return stage;
	}

}

package io.backgroundjobs.annotation;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;
import org.springframework.core.ReactiveAdapter;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

import io.backgroundjobs.JobContext;
import io.backgroundjobs.JobOptions;
import io.backgroundjobs.engine.JobEngine;

/**
 * Shields a call whose result is a publisher of one value. Loaded only where Reactor is
 * present.
 */
final class ShieldedPublisher {

	private ShieldedPublisher() {
	}

	/**
	 * Return a publisher that makes the call when its first subscriber comes, as a job
	 * that has the subscriber's context. A subscriber that cancels does not reach the
	 * job; later ones see the same result.
	 * @param engine runs the job
	 * @param options how it runs
	 * @param call the call
	 * @return a publisher of the type that the method returns
	 */
	static Object of(JobEngine engine, JobOptions options, BeanCall call) {
		ReactiveAdapter adapter = ShieldedReturnType.adapter(call.method().getReturnType());
		if (adapter == null) {
			throw new IllegalStateException(JobPlace.text(call.method()) + " returns no reactive type");
		}
		Mono<Object> job = Mono.deferContextual((context) -> {
			try {
				return Mono.fromFuture(
						engine.startHere(options, (running) -> stage(call, running, adapter, context)).toFuture(),
						true);
			}
			catch (Exception ex) {
				return Mono.error(ex);
			}
		});
		return adapter.fromPublisher(job.cache());
	}

	private static CompletionStage<@Nullable Object> stage(BeanCall call, JobContext running, ReactiveAdapter adapter,
			ContextView context) throws Exception {
		Object returned = call.proceed(running);
		return (returned != null) ? Mono.<Object>from(adapter.toPublisher(returned)).contextWrite(context).toFuture()
				: CompletableFuture.completedFuture(null);
	}

}

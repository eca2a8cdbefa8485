package io.backgroundjobs.engine;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Hands what is bound to the subscribing thread to Reactor, whose operators may run on
 * other threads: the observation among it. Loaded only where Reactor is there; does
 * nothing where Micrometer's context propagation is not.
 */
final class ReactiveContext {

	private ReactiveContext() {
	}

	static <T> Publisher<T> capturedBy(Publisher<T> publisher) {
		if (publisher instanceof Mono<T> mono) {
			return mono.contextCapture();
		}
		return (publisher instanceof Flux<T> flux) ? flux.contextCapture() : publisher;
	}

}

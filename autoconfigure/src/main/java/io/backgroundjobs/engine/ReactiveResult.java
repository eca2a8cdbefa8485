package io.backgroundjobs.engine;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.ClassUtils;

/**
 * A reactive type that a body returned, whichever library it is of. Subscribed to once,
 * by the engine: what the job returns instead is a replay of its value, or an empty one
 * of a stream that was drained. Loaded only where Reactive Streams are there.
 */
final class ReactiveResult implements AsyncResult {

	private static final boolean REACTOR = ClassUtils.isPresent("reactor.core.publisher.Mono",
			ReactiveResult.class.getClassLoader());

	private static final ClassValue<Boolean> REACTIVE_TYPES = new ClassValue<>() {

		@Override
		protected Boolean computeValue(Class<?> type) {
			return ReactiveAdapterRegistry.getSharedInstance().getAdapter(type) != null;
		}

	};

	private final ReactiveAdapter adapter;

	private final Publisher<Object> publisher;

	private final AtomicReference<@Nullable Subscription> subscription = new AtomicReference<>();

	private ReactiveResult(ReactiveAdapter adapter, Object source) {
		this.adapter = adapter;
		Publisher<Object> published = adapter.toPublisher(source);
		this.publisher = REACTOR ? ReactiveContext.capturedBy(published) : published;
	}

	static @Nullable ReactiveResult of(Object value) {
		if (!REACTIVE_TYPES.get(value.getClass())) {
			return null;
		}
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(value.getClass());
		return (adapter != null) ? new ReactiveResult(adapter, value) : null;
	}

	@Override
	public void subscribe(BiConsumer<@Nullable Object, @Nullable Throwable> completion) {
		this.publisher.subscribe(new Collector(completion));
	}

	@Override
	public void cancel() {
		Subscription current = this.subscription.getAndSet(Cancelled.INSTANCE);
		if (current != null) {
			current.cancel();
		}
	}

	/**
	 * Replay what was collected as the type that the body returned.
	 */
	private Object replay(@Nullable Object value) {
		return this.adapter.fromPublisher(new Replay(value));
	}

	/**
	 * Takes what the publisher emits. A publisher that was cancelled says nothing more,
	 * so that cancelling completes the job's body as well.
	 */
	private final class Collector implements Subscriber<Object> {

		private final BiConsumer<@Nullable Object, @Nullable Throwable> completion;

		private @Nullable Object last;

		private Collector(BiConsumer<@Nullable Object, @Nullable Throwable> completion) {
			this.completion = completion;
		}

		@Override
		public void onSubscribe(Subscription upstream) {
			Subscription cancellable = new Subscription() {

				@Override
				public void request(long n) {
					upstream.request(n);
				}

				@Override
				public void cancel() {
					upstream.cancel();
					Collector.this.completion.accept(null, null);
				}

			};
			if (ReactiveResult.this.subscription.compareAndSet(null, cancellable)) {
				upstream.request(Long.MAX_VALUE);
			}
			else {
				cancellable.cancel();
			}
		}

		@Override
		public void onNext(Object item) {
			if (!ReactiveResult.this.adapter.isMultiValue()) {
				this.last = item;
			}
		}

		@Override
		public void onError(Throwable failure) {
			this.completion.accept(null, failure);
		}

		@Override
		public void onComplete() {
			this.completion.accept(replay(this.last), null);
		}

	}

	/**
	 * Emits one value that is known, or none.
	 *
	 * @param value the value, or {@code null} for none
	 */
	private record Replay(@Nullable Object value) implements Publisher<Object> {

		@Override
		public void subscribe(Subscriber<? super Object> subscriber) {
			Object emitted = this.value;
			subscriber.onSubscribe(new Subscription() {

				private boolean done;

				@Override
				public void request(long n) {
					if (!this.done) {
						this.done = true;
						if (emitted != null) {
							subscriber.onNext(emitted);
						}
						subscriber.onComplete();
					}
				}

				@Override
				public void cancel() {
					this.done = true;
				}

			});
		}

	}

	/**
	 * Stands for the subscription of a result that was cancelled.
	 */
	private enum Cancelled implements Subscription {

		INSTANCE;

		@Override
		public void request(long n) {
		}

		@Override
		public void cancel() {
		}

	}

}

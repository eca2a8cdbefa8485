package io.backgroundjobs.engine;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * What a body returned before its work was done. Its job holds a place, but no thread,
 * until it completes.
 */
interface AsyncResult {

	/** Whether reactive types can occur at all. */
	boolean REACTIVE = ClassUtils.isPresent("org.reactivestreams.Publisher", AsyncResult.class.getClassLoader());

	/**
	 * Be told of the end. Called once.
	 * @param completion takes the job's result or its failure
	 */
	void subscribe(BiConsumer<@Nullable Object, @Nullable Throwable> completion);

	/**
	 * Ask the work to stop.
	 */
	void cancel();

	/**
	 * Look at what a body returned.
	 * @param unwrap whether the job's result is the stage's value instead of the stage
	 * @return {@code null} if it is an ordinary value
	 */
	static @Nullable AsyncResult of(@Nullable Object value, boolean unwrap) {
		if (value == null) {
			return null;
		}
		if (value instanceof CompletionStage<?> stage) {
			return new Stage(stage, unwrap);
		}
		return REACTIVE ? ReactiveResult.of(value) : null;
	}

	static boolean isStage(Object value) {
		return value instanceof CompletionStage<?>;
	}

	/**
	 * A {@link CompletionStage}.
	 *
	 * @param stage the stage
	 * @param unwrap whether the job's result is its value
	 */
	record Stage(CompletionStage<?> stage, boolean unwrap) implements AsyncResult {

		@Override
		public void subscribe(BiConsumer<@Nullable Object, @Nullable Throwable> completion) {
			this.stage.whenComplete((value, failure) -> {
				if (failure instanceof CompletionException && failure.getCause() != null) {
					completion.accept(null, failure.getCause());
				}
				else if (failure != null) {
					completion.accept(null, failure);
				}
				else {
					completion.accept(this.unwrap ? value : this.stage, null);
				}
			});
		}

		@Override
		public void cancel() {
			try {
				this.stage.toCompletableFuture().cancel(true);
			}
			catch (UnsupportedOperationException ex) {
				// A stage may refuse to be a future (CompletionStage says so). Then
				// nothing reaches it, and its place is held until it completes.
				return;
			}
		}

	}

}

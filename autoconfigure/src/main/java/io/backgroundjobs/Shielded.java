package io.backgroundjobs;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Lets a web handler run to its end although the client goes away, and lets a shutdown
 * wait for it.
 *
 * <p>
 * On a blocking handler method the work stays on the request's thread; it is a shielded
 * job that holds no place. Nobody can cancel it through the scheduler; an interrupt that
 * comes from elsewhere, such as the web server's own, still reaches the thread.
 *
 * <p>
 * A method that returns a {@link java.util.concurrent.CompletionStage} or a
 * {@link java.util.concurrent.CompletableFuture} is called at once, and what is done to
 * the returned stage does not reach the one of the method. A method that returns a
 * {@code Mono} or another publisher of one value is called when the first subscriber
 * comes, which is the web framework; the work is subscribed to once, in that subscriber's
 * context, and a client that goes away does not cancel it.
 *
 * <p>
 * While the scheduler does not run, calls are refused with {@link JobRejectedException}.
 * On a method that streams ({@code Flux}, {@code SseEmitter},
 * {@code StreamingResponseBody} and the like, also inside of a {@code ResponseEntity}),
 * or whose work is done by others after it has returned
 * ({@link java.util.concurrent.Callable}, {@code DeferredResult}), the start fails. The
 * declared return type decides.
 *
 * @since 1.0.0
 */
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Reflective
public @interface Shielded {

	/**
	 * Name of the job; by default {@code beanName.methodName}.
	 * @return the name
	 */
	String name() default "";

}

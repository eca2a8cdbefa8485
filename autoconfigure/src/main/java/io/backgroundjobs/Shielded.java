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
 * job that holds no place. On a method that returns a {@code Mono} or a
 * {@link java.util.concurrent.CompletionStage} the result is subscribed to once, and a
 * client that goes away does not cancel it. On a method that streams ({@code Flux},
 * {@code SseEmitter} and the like) the start fails.
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

package io.backgroundjobs.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.PropertyMapping;

/**
 * Puts the application's jobs under {@link VirtualTime}, which the test injects and
 * advances.
 *
 * <pre class="code">
 * &#64;SpringBootTest
 * &#64;AutoConfigureVirtualTime
 * class MaintenanceTests {
 *
 *     &#64;Autowired
 *     VirtualTime time;
 *
 *     &#64;Test
 *     void removesExpired() {
 *         this.time.advance(Duration.ofMinutes(5));
 *         …
 *     }
 *
 * }
 * </pre>
 *
 * <p>
 * The application context, and with it its time, is shared by the methods of a test class
 * and by test classes of the same configuration; time goes on from one to the next. The
 * slices {@code @WebMvcTest} and {@code @WebFluxTest} have virtual time without this
 * annotation.
 *
 * @since 1.0.0
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
@PropertyMapping("background-jobs.test.virtual-time")
public @interface AutoConfigureVirtualTime {

	/**
	 * What the wall clock shows when the application starts.
	 * @return an instant, as {@link java.time.Instant#parse(CharSequence)} takes it
	 */
	String start() default "2026-01-01T00:00:00Z";

	/**
	 * How long an advance waits, in real time, for the jobs to end before it fails the
	 * test.
	 * @return a duration, such as {@code 10s}
	 */
	String idleTimeout() default "10s";

}

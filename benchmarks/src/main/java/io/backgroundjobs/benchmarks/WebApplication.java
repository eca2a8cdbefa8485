package io.backgroundjobs.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Arrays;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Starts an application and tells what that took.
 */
public final class WebApplication {

	/** What the line begins with that is printed as soon as the application is ready. */
	static final String READY = "ready\t";

	private WebApplication() {
	}

	/**
	 * Start the application.
	 * @param args the name of its configuration, and arguments for it
	 * @throws ClassNotFoundException if there is no such class
	 */
	public static void main(String[] args) throws ClassNotFoundException {
		SpringApplication application = new SpringApplication(Class.forName(args[0]));
		long begin = System.nanoTime();
		application.addListeners((ApplicationListener<ApplicationReadyEvent>) (event) -> {
			long nanos = System.nanoTime() - begin;
			int beans = event.getApplicationContext().getBeanDefinitionCount();
			int threads = ManagementFactory.getThreadMXBean().getThreadCount();
			long uptime = ManagementFactory.getRuntimeMXBean().getUptime();
			long classes = ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount();
			System.out.println(READY + nanos + "\t" + uptime + "\t" + classes + "\t" + beans + "\t" + threads);
		});
		application.run(Arrays.copyOfRange(args, 1, args.length));
	}

}

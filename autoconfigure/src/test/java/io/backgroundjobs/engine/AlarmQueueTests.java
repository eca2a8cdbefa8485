package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.backgroundjobs.engine.EngineClock.Alarm;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that alarms which share one timer are called as if each had its own.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class AlarmQueueTests {

	private final ManualClock clock = new ManualClock();

	private final AlarmQueue queue = new AlarmQueue(this.clock);

	private final List<String> called = new ArrayList<>();

	@Test
	void alarmsShareOneTimer() {
		for (int i = 0; i < 100; i++) {
			set(alarm("any"), 100 + i);
		}
		assertThat(this.clock.timers()).isOne();
		assertThat(this.clock.calls()).isOne();
	}

	@Test
	void alarmsAreCalledInTheirOrderAndNotBefore() {
		set(alarm("third"), 30);
		set(alarm("first"), 10);
		set(alarm("second"), 20);
		pass(9);
		assertThat(this.called).isEmpty();
		pass(1);
		assertThat(this.called).containsExactly("first");
		pass(20);
		assertThat(this.called).containsExactly("first", "second", "third");
		assertThat(this.clock.timers()).isZero();
	}

	@Test
	void alarmWhoseTimeHasPassedIsCalledAtOnceButNotWithinItsSetting() {
		Alarm alarm = alarm("late");
		alarm.set(this.clock.nanoTime() - 5);
		assertThat(this.called).isEmpty();
		pass(0);
		assertThat(this.called).containsExactly("late");
	}

	@Test
	void alarmIsCalledOnceForTheLastTimeThatWasSet() {
		Alarm later = alarm("later");
		set(later, 10);
		set(later, 30);
		Alarm earlier = alarm("earlier");
		set(earlier, 40);
		set(earlier, 20);
		pass(10);
		assertThat(this.called).isEmpty();
		pass(10);
		assertThat(this.called).containsExactly("earlier");
		pass(100);
		assertThat(this.called).containsExactly("earlier", "later");
	}

	@Test
	void cancelledAlarmIsNotCalledAndTheLastOneLeavesNoTimer() {
		Alarm one = alarm("one");
		Alarm other = alarm("other");
		set(one, 10);
		set(other, 20);
		one.cancel();
		one.cancel();
		assertThat(this.clock.timers()).isOne();
		other.cancel();
		assertThat(this.clock.timers()).isZero();
		pass(100);
		assertThat(this.called).isEmpty();
		set(one, 10);
		pass(10);
		assertThat(this.called).containsExactly("one");
	}

	@Test
	void alarmMayBeSetAndCancelledWithinACall() {
		Alarm victim = alarm("victim");
		Alarm[] self = new Alarm[1];
		self[0] = this.queue.alarm(() -> {
			this.called.add("self");
			set(self[0], 10);
			victim.cancel();
		});
		set(self[0], 10);
		set(victim, 10);
		pass(30);
		assertThat(this.called).containsExactly("self", "self", "self");
		assertThat(this.clock.timers()).isOne();
	}

	@Test
	void alarmThatFailsHoldsUpNoOther() {
		set(this.queue.alarm(() -> {
			throw new IllegalStateException("thrown by the test");
		}), 10);
		set(alarm("same time"), 10);
		set(alarm("later"), 20);
		pass(20);
		assertThat(this.called).containsExactly("same time", "later");
	}

	@Test
	void otherTimersThatAreDueDoNotWaitForAllAlarms() {
		for (int i = 0; i < 10 * AlarmQueue.MOST_AT_A_TIME; i++) {
			set(alarm("alarm"), 10);
		}
		this.clock.schedule(() -> this.called.add("timer"), 10);
		pass(10);
		assertThat(this.called.indexOf("timer")).isEqualTo(AlarmQueue.MOST_AT_A_TIME);
		assertThat(this.called).hasSize(10 * AlarmQueue.MOST_AT_A_TIME + 1);
	}

	@Test
	void alarmThatIsSetWhileAnotherIsCalledIsNotLost() throws Exception {
		CountDownLatch inside = new CountDownLatch(1);
		CountDownLatch leaves = new CountDownLatch(1);
		set(this.queue.alarm(() -> {
			inside.countDown();
			await(leaves);
		}), 10);
		FutureTask<Void> advance = new FutureTask<>(() -> pass(10), null);
		new Thread(advance, "clock").start();
		inside.await();
		Alarm gone = alarm("gone");
		set(gone, 20);
		set(alarm("meanwhile"), 5);
		gone.cancel();
		leaves.countDown();
		advance.get();
		pass(5);
		assertThat(this.called).containsExactly("meanwhile");
		assertThat(this.clock.timers()).isZero();
	}

	@Test
	void alarmsThatComeAndGoAreTakenApart() {
		List<Alarm> alarms = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			Alarm alarm = alarm("gone");
			set(alarm, 10);
			alarms.add(alarm);
		}
		alarms.forEach(Alarm::cancel);
		for (int i = 0; i < 50; i++) {
			set(alarm("new"), 10);
		}
		pass(10);
		assertThat(this.called).hasSize(50).containsOnly("new");
	}

	private Alarm alarm(String name) {
		return this.queue.alarm(() -> this.called.add(name));
	}

	private void set(Alarm alarm, long nanos) {
		alarm.set(this.clock.nanoTime() + nanos);
	}

	private void pass(long nanos) {
		this.clock.advance(Duration.ofNanos(nanos));
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}

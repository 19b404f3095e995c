// SPDX-License-Identifier: Apache-2.0
// Programs that run at the same time: every collective op, channels, the infeed; and groups in which
// nobody would ever come, which are errors and not a wait without end.
// RUN: not --code 5 skarn test %s --via interp --json --verbose > %t 2> %t.err
// RUN: filecheck %s < %t
// RUN: filecheck %s --check-prefix=ERR < %t.err
// In native code the processes take turns in one program.
// RUN: not --code 5 skarn test %s --json --verbose > %t.native 2> %t.native.err
// RUN: filecheck %s --check-prefix=NATIVE < %t.native
// RUN: filecheck %s --check-prefix=NERR < %t.native.err
// NATIVE: "passed":6,"failed":2,"skipped":0,"unsupported":4
// NERR: stablehlo.recv: no native code
// NERR: stablehlo.all_reduce: no process is left that could take part in this
// NERR: stablehlo.infeed: nothing is left in the infeed
// NERR: stablehlo.all_reduce: no native code
// NERR: a grid of processes inside another
// NERR: a grid of processes inside another
// CHECK: "passed":6,"failed":4,"skipped":0,"unsupported":2

// Two replicas (rows) of two partitions (columns); every process knows its place.
func.func private @place() -> tensor<2xui32> {
  %r = stablehlo.replica_id : tensor<ui32>
  %p = stablehlo.partition_id : tensor<ui32>
  %a = stablehlo.reshape %r : (tensor<ui32>) -> tensor<1xui32>
  %b = stablehlo.reshape %p : (tensor<ui32>) -> tensor<1xui32>
  %y = stablehlo.concatenate %a, %b, dim = 0 : (tensor<1xui32>, tensor<1xui32>) -> tensor<2xui32>
  return %y : tensor<2xui32>
}
func.func @main() {
  %y:4 = "interpreter.run_parallel"() {programs = [[@place, @place], [@place, @place]]}
    : () -> (tensor<2xui32>, tensor<2xui32>, tensor<2xui32>, tensor<2xui32>)
  check.expect_eq_const %y#1, dense<[0, 1]> : tensor<2xui32>
  check.expect_eq_const %y#2, dense<[1, 0]> : tensor<2xui32>
  return
}

// -----

// Within a row (channel, flattened ids), across rows (no channel), over everything (channel).
func.func private @reduce(%x: tensor<i32>) -> (tensor<i32>, tensor<i32>, tensor<i32>) {
  %a = "stablehlo.all_reduce"(%x) ({
  ^bb0(%l: tensor<i32>, %r: tensor<i32>):
    %s = stablehlo.add %l, %r : tensor<i32>
    stablehlo.return %s : tensor<i32>
  }) {replica_groups = dense<[[0, 1], [2, 3]]> : tensor<2x2xi64>, use_global_device_ids,
      channel_handle = #stablehlo.channel_handle<handle = 1, type = 1>} : (tensor<i32>) -> tensor<i32>
  %b = "stablehlo.all_reduce"(%x) ({
  ^bb0(%l: tensor<i32>, %r: tensor<i32>):
    %s = stablehlo.add %l, %r : tensor<i32>
    stablehlo.return %s : tensor<i32>
  }) {replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<i32>) -> tensor<i32>
  %c = "stablehlo.all_reduce"(%x) ({
  ^bb0(%l: tensor<i32>, %r: tensor<i32>):
    %s = stablehlo.add %l, %r : tensor<i32>
    stablehlo.return %s : tensor<i32>
  }) {replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>,
      channel_handle = #stablehlo.channel_handle<handle = 2, type = 1>} : (tensor<i32>) -> tensor<i32>
  return %a, %b, %c : tensor<i32>, tensor<i32>, tensor<i32>
}
func.func @main() {
  %1 = stablehlo.constant dense<1> : tensor<i32>
  %2 = stablehlo.constant dense<10> : tensor<i32>
  %3 = stablehlo.constant dense<100> : tensor<i32>
  %4 = stablehlo.constant dense<1000> : tensor<i32>
  %y:12 = "interpreter.run_parallel"(%1, %2, %3, %4) {programs = [[@reduce, @reduce], [@reduce, @reduce]]}
    : (tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>) -> (tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>)
  check.expect_eq_const %y#0, dense<11> : tensor<i32>
  check.expect_eq_const %y#1, dense<101> : tensor<i32>
  check.expect_eq_const %y#2, dense<1111> : tensor<i32>
  check.expect_eq_const %y#9, dense<1100> : tensor<i32>
  check.expect_eq_const %y#10, dense<1010> : tensor<i32>
  return
}

// -----

func.func private @exchange(%x: tensor<2x2xi32>) -> (tensor<4x2xi32>, tensor<2x2xi32>, tensor<1x2xi32>, tensor<2x2xi32>, tensor<2x2xi32>) {
  %a = "stablehlo.all_gather"(%x) {all_gather_dim = 0 : i64, replica_groups = dense<[[1, 0]]> : tensor<1x2xi64>}
    : (tensor<2x2xi32>) -> tensor<4x2xi32>
  %b = "stablehlo.all_to_all"(%x) {split_dimension = 1 : i64, concat_dimension = 1 : i64, split_count = 2 : i64,
    replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<2x2xi32>) -> tensor<2x2xi32>
  %c = "stablehlo.reduce_scatter"(%x) ({
  ^bb0(%l: tensor<i32>, %r: tensor<i32>):
    %s = stablehlo.subtract %l, %r : tensor<i32>
    stablehlo.return %s : tensor<i32>
  }) {scatter_dimension = 0 : i64, replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<2x2xi32>) -> tensor<1x2xi32>
  %d = "stablehlo.collective_permute"(%x) {source_target_pairs = dense<[[0, 1]]> : tensor<1x2xi64>}
    : (tensor<2x2xi32>) -> tensor<2x2xi32>
  %e = "stablehlo.collective_broadcast"(%x) {replica_groups = dense<[[1, 0]]> : tensor<1x2xi64>}
    : (tensor<2x2xi32>) -> tensor<2x2xi32>
  return %a, %b, %c, %d, %e : tensor<4x2xi32>, tensor<2x2xi32>, tensor<1x2xi32>, tensor<2x2xi32>, tensor<2x2xi32>
}
func.func @main() {
  %x = stablehlo.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi32>
  %z = stablehlo.constant dense<[[50, 60], [70, 80]]> : tensor<2x2xi32>
  %y:10 = "interpreter.run_parallel"(%x, %z) {programs = [[@exchange], [@exchange]]} : (tensor<2x2xi32>, tensor<2x2xi32>)
    -> (tensor<4x2xi32>, tensor<2x2xi32>, tensor<1x2xi32>, tensor<2x2xi32>, tensor<2x2xi32>, tensor<4x2xi32>, tensor<2x2xi32>, tensor<1x2xi32>, tensor<2x2xi32>, tensor<2x2xi32>)
  check.expect_eq_const %y#0, dense<[[50, 60], [70, 80], [1, 2], [3, 4]]> : tensor<4x2xi32>
  check.expect_eq_const %y#1, dense<[[1, 50], [3, 70]]> : tensor<2x2xi32>
  check.expect_eq_const %y#6, dense<[[2, 60], [4, 80]]> : tensor<2x2xi32>
  check.expect_eq_const %y#2, dense<[[-49, -58]]> : tensor<1x2xi32>
  check.expect_eq_const %y#7, dense<[[-67, -76]]> : tensor<1x2xi32>
  check.expect_eq_const %y#3, dense<0> : tensor<2x2xi32>
  check.expect_eq_const %y#8, dense<[[1, 2], [3, 4]]> : tensor<2x2xi32>
  check.expect_eq_const %y#4, dense<[[50, 60], [70, 80]]> : tensor<2x2xi32>
  return
}

// -----

// Each result has a root of its own, which the last operand names.
func.func private @rooted(%x: tensor<i32>, %z: tensor<i32>) -> (tensor<i32>, tensor<i32>, tensor<i32>) {
  %roots = stablehlo.constant dense<[1, 0]> : tensor<2xi32>
  %a:2 = "stablehlo.collective_reduce"(%x, %z, %roots) ({
  ^bb0(%l: tensor<i32>, %r: tensor<i32>):
    %s = stablehlo.add %l, %r : tensor<i32>
    stablehlo.return %s : tensor<i32>
  }) {replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, has_dynamic_root} : (tensor<i32>, tensor<i32>, tensor<2xi32>) -> (tensor<i32>, tensor<i32>)
  %root = stablehlo.constant dense<[1]> : tensor<1xi32>
  %b = "stablehlo.collective_broadcast"(%x, %root) {replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>, has_dynamic_root}
    : (tensor<i32>, tensor<1xi32>) -> tensor<i32>
  return %a#0, %a#1, %b : tensor<i32>, tensor<i32>, tensor<i32>
}
func.func @main() {
  %x = stablehlo.constant dense<3> : tensor<i32>
  %z = stablehlo.constant dense<40> : tensor<i32>
  %y:6 = "interpreter.run_parallel"(%x, %z, %z, %x) {programs = [[@rooted], [@rooted]]} : (tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>)
    -> (tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>, tensor<i32>)
  check.expect_eq_const %y#0, dense<0> : tensor<i32>
  check.expect_eq_const %y#1, dense<43> : tensor<i32>
  check.expect_eq_const %y#2, dense<40> : tensor<i32>
  check.expect_eq_const %y#3, dense<43> : tensor<i32>
  check.expect_eq_const %y#4, dense<0> : tensor<i32>
  return
}

// -----

// Ten rounds of the same meeting: nobody takes part twice in one of them.
func.func private @rounds(%x: tensor<i32>) -> tensor<i32> {
  %zero = stablehlo.constant dense<0> : tensor<i32>
  %r:2 = stablehlo.while(%i = %zero, %v = %x) : tensor<i32>, tensor<i32>
  cond {
    %n = stablehlo.constant dense<10> : tensor<i32>
    %more = stablehlo.compare LT, %i, %n : (tensor<i32>, tensor<i32>) -> tensor<i1>
    stablehlo.return %more : tensor<i1>
  } do {
    %one = stablehlo.constant dense<1> : tensor<i32>
    %next = stablehlo.add %i, %one : tensor<i32>
    %s = "stablehlo.all_reduce"(%v) ({
    ^bb0(%l: tensor<i32>, %r: tensor<i32>):
      %t = stablehlo.add %l, %r : tensor<i32>
      stablehlo.return %t : tensor<i32>
    }) {replica_groups = dense<[[0, 1, 2]]> : tensor<1x3xi64>} : (tensor<i32>) -> tensor<i32>
    stablehlo.return %next, %s : tensor<i32>, tensor<i32>
  }
  return %r#1 : tensor<i32>
}
func.func @main() {
  %x = stablehlo.constant dense<1> : tensor<i32>
  %z = stablehlo.constant dense<0> : tensor<i32>
  %y:3 = "interpreter.run_parallel"(%x, %z, %x) {programs = [[@rounds], [@rounds], [@rounds]]}
    : (tensor<i32>, tensor<i32>, tensor<i32>) -> (tensor<i32>, tensor<i32>, tensor<i32>)
  check.expect_eq_const %y#0, dense<39366> : tensor<i32>
  check.expect_eq_const %y#2, dense<39366> : tensor<i32>
  return
}

// -----

// Sent twice, received in order; fed from a function; a token through an op that feeds out.
func.func private @sender(%x: tensor<i32>, %t: !stablehlo.token) -> !stablehlo.token {
  %a = "stablehlo.send"(%x, %t) {channel_handle = #stablehlo.channel_handle<handle = 5, type = 2>, is_host_transfer = true}
    : (tensor<i32>, !stablehlo.token) -> !stablehlo.token
  %y = stablehlo.add %x, %x : tensor<i32>
  %b = "stablehlo.send"(%y, %a) {channel_handle = #stablehlo.channel_handle<handle = 5, type = 2>, is_host_transfer = true}
    : (tensor<i32>, !stablehlo.token) -> !stablehlo.token
  %c = "stablehlo.outfeed"(%y, %b) {outfeed_config = ""} : (tensor<i32>, !stablehlo.token) -> !stablehlo.token
  return %c : !stablehlo.token
}
func.func private @receiver(%t: !stablehlo.token) -> tensor<i32> {
  %a:2 = "stablehlo.recv"(%t) {channel_handle = #stablehlo.channel_handle<handle = 5, type = 3>, is_host_transfer = true}
    : (!stablehlo.token) -> (tensor<i32>, !stablehlo.token)
  %b:2 = "stablehlo.recv"(%a#1) {channel_handle = #stablehlo.channel_handle<handle = 5, type = 3>, is_host_transfer = true}
    : (!stablehlo.token) -> (tensor<i32>, !stablehlo.token)
  %c:2 = "stablehlo.infeed"(%b#1) {infeed_config = ""} : (!stablehlo.token) -> (tensor<i32>, !stablehlo.token)
  %d = stablehlo.subtract %b#0, %a#0 : tensor<i32>
  %e = stablehlo.multiply %d, %c#0 : tensor<i32>
  return %e : tensor<i32>
}
func.func private @fed() -> tensor<i32> {
  %x = stablehlo.constant dense<3> : tensor<i32>
  return %x : tensor<i32>
}
func.func @main() {
  %x = stablehlo.constant dense<7> : tensor<i32>
  %t = stablehlo.after_all : !stablehlo.token
  %y:2 = "interpreter.run_parallel"(%t, %x, %t) {infeed = [@fed], programs = [[@receiver], [@sender]]}
    : (!stablehlo.token, tensor<i32>, !stablehlo.token) -> (tensor<i32>, !stablehlo.token)
  check.expect_eq_const %y#0, dense<21> : tensor<i32>
  return
}

// -----

// ERR: stablehlo.recv: no process is left that could take part in this
func.func @nothing_was_sent() {
  %t = stablehlo.create_token : !stablehlo.token
  %a:2 = "stablehlo.recv"(%t) {channel_handle = #stablehlo.channel_handle<handle = 1, type = 3>, is_host_transfer = true}
    : (!stablehlo.token) -> (tensor<i32>, !stablehlo.token)
  check.expect_eq_const %a#0, dense<0> : tensor<i32>
  return
}

// -----

// ERR: stablehlo.all_reduce: no process is left that could take part in this
func.func private @meets(%x: tensor<i32>) -> tensor<i32> {
  %a = "stablehlo.all_reduce"(%x) ({
  ^bb0(%l: tensor<i32>, %r: tensor<i32>):
    %s = stablehlo.add %l, %r : tensor<i32>
    stablehlo.return %s : tensor<i32>
  }) {replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<i32>) -> tensor<i32>
  return %a : tensor<i32>
}
func.func private @does_not(%x: tensor<i32>) -> tensor<i32> {
  return %x : tensor<i32>
}
func.func @main() {
  %x = stablehlo.constant dense<7> : tensor<i32>
  %y:2 = "interpreter.run_parallel"(%x, %x) {programs = [[@meets], [@does_not]]} : (tensor<i32>, tensor<i32>) -> (tensor<i32>, tensor<i32>)
  check.expect_eq_const %y#0, dense<7> : tensor<i32>
  return
}

// -----

// The error of one process ends the wait of the other, and is the one that is told.
// ERR: stablehlo.infeed: nothing is left in the infeed
func.func private @waits(%t: !stablehlo.token) -> tensor<i32> {
  %a:2 = "stablehlo.recv"(%t) {channel_handle = #stablehlo.channel_handle<handle = 1, type = 3>, is_host_transfer = true}
    : (!stablehlo.token) -> (tensor<i32>, !stablehlo.token)
  return %a#0 : tensor<i32>
}
func.func private @fails(%t: !stablehlo.token) -> tensor<i32> {
  %a:2 = "stablehlo.infeed"(%t) {infeed_config = ""} : (!stablehlo.token) -> (tensor<i32>, !stablehlo.token)
  return %a#0 : tensor<i32>
}
func.func @main() {
  %t = stablehlo.create_token : !stablehlo.token
  %y:2 = "interpreter.run_parallel"(%t, %t) {programs = [[@waits], [@fails]]} : (!stablehlo.token, !stablehlo.token) -> (tensor<i32>, tensor<i32>)
  check.expect_eq_const %y#0, dense<7> : tensor<i32>
  return
}

// -----

// ERR: a group names a process that does not run
func.func @too_few() {
  %x = stablehlo.constant dense<7> : tensor<i32>
  %a = "stablehlo.all_reduce"(%x) ({
  ^bb0(%l: tensor<i32>, %r: tensor<i32>):
    %s = stablehlo.add %l, %r : tensor<i32>
    stablehlo.return %s : tensor<i32>
  }) {replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<i32>) -> tensor<i32>
  check.expect_eq_const %a, dense<7> : tensor<i32>
  return
}

// -----

// ERR: recursive call of @again
func.func private @again() {
  "interpreter.run_parallel"() {programs = [[@again], [@again]]} : () -> ()
  return
}
func.func @main() {
  %x = stablehlo.constant dense<7> : tensor<i32>
  "interpreter.run_parallel"() {programs = [[@again], [@again]]} : () -> ()
  check.expect_eq_const %x, dense<7> : tensor<i32>
  return
}

// -----

// ERR: recursive call of @again
func.func private @again() {
  "interpreter.run_parallel"() {programs = [[@again]]} : () -> ()
  return
}
func.func @main() {
  %x = stablehlo.constant dense<7> : tensor<i32>
  func.call @again() : () -> ()
  check.expect_eq_const %x, dense<7> : tensor<i32>
  return
}

;; rapidhash version 1 by Nicolas De Carli (https://github.com/Nicoshev/rapidhash), with its default
;; seed and secrets and the plain ("fast") multiplication. It is rapidhash.ts with 64-bit numbers, which
;; JavaScript lacks. `npm run generate` writes rapidhash-wasm.generated.ts from it.
(module
  ;; The text's UTF-8 bytes, from address 0 on, are written here before each call.
  (memory (export "memory") 1 1)

  ;; The last product, 128 bits: its low and high half.
  (global $low (mut i64) (i64.const 0))
  (global $high (mut i64) (i64.const 0))

  (func $multiply (param $a i64) (param $b i64)
    (local $a0 i64) (local $a1 i64) (local $b0 i64) (local $b1 i64)
    (local $upper i64) (local $middle i64)
    (local.set $a0 (i64.and (local.get $a) (i64.const 0xffffffff)))
    (local.set $a1 (i64.shr_u (local.get $a) (i64.const 32)))
    (local.set $b0 (i64.and (local.get $b) (i64.const 0xffffffff)))
    (local.set $b1 (i64.shr_u (local.get $b) (i64.const 32)))
    ;; No sum here exceeds 64 bits: (2^32 - 1)^2 + 2 (2^32 - 1) = 2^64 - 1.
    (local.set $upper
      (i64.add
        (i64.mul (local.get $a1) (local.get $b0))
        (i64.shr_u (i64.mul (local.get $a0) (local.get $b0)) (i64.const 32))))
    (local.set $middle
      (i64.add
        (i64.mul (local.get $a0) (local.get $b1))
        (i64.and (local.get $upper) (i64.const 0xffffffff))))
    (global.set $low (i64.mul (local.get $a) (local.get $b)))
    (global.set $high
      (i64.add
        (i64.add
          (i64.mul (local.get $a1) (local.get $b1))
          (i64.shr_u (local.get $upper) (i64.const 32)))
        (i64.shr_u (local.get $middle) (i64.const 32)))))

  ;; Folds the halves of the product into each other.
  (func $mix (param $a i64) (param $b i64) (result i64)
    (call $multiply (local.get $a) (local.get $b))
    (i64.xor (global.get $low) (global.get $high)))

  ;; Mixes the 16 bytes at an address, under a secret, into a seed.
  (func $mix16 (param $at i32) (param $secret i64) (param $seed i64) (result i64)
    (call $mix
      (i64.xor (i64.load (local.get $at)) (local.get $secret))
      (i64.xor (i64.load offset=8 (local.get $at)) (local.get $seed))))

  ;; Returns the hash of the first $length bytes: a whole number of 64 bits.
  (func $hash (export "hash") (param $length i32) (result i64)
    (local $seed i64) (local $seed1 i64) (local $seed2 i64) (local $a i64) (local $b i64)
    (local $at i32) (local $left i32) (local $inner i32)
    ;; seed ^ mix(seed ^ secret 0, secret 1), which is the same for every text, ^ length
    (local.set $seed
      (i64.xor (i64.const 0x763305bbe7bea536) (i64.extend_i32_u (local.get $length))))
    (if (i32.gt_u (local.get $length) (i32.const 16))
      (then
        (local.set $left (local.get $length))
        (if (i32.gt_u (local.get $left) (i32.const 48))
          (then
            (local.set $seed1 (local.get $seed))
            (local.set $seed2 (local.get $seed))
            (loop $block
              (local.set $seed
                (call $mix16
                  (local.get $at) (i64.const 0x2d358dccaa6c78a5) (local.get $seed)))
              (local.set $seed1
                (call $mix16
                  (i32.add (local.get $at) (i32.const 16))
                  (i64.const 0x8bb84b93962eacc9) (local.get $seed1)))
              (local.set $seed2
                (call $mix16
                  (i32.add (local.get $at) (i32.const 32))
                  (i64.const 0x4b33a62ed433d4a3) (local.get $seed2)))
              (local.set $at (i32.add (local.get $at) (i32.const 48)))
              (local.set $left (i32.sub (local.get $left) (i32.const 48)))
              (br_if $block (i32.ge_u (local.get $left) (i32.const 48))))
            (local.set $seed
              (i64.xor (local.get $seed) (i64.xor (local.get $seed1) (local.get $seed2))))))
        (if (i32.gt_u (local.get $left) (i32.const 16))
          (then
            (local.set $seed
              (call $mix16
                (local.get $at)
                (i64.const 0x4b33a62ed433d4a3)
                (i64.xor (local.get $seed) (i64.const 0x8bb84b93962eacc9))))))
        (if (i32.gt_u (local.get $left) (i32.const 32))
          (then
            (local.set $seed
              (call $mix16
                (i32.add (local.get $at) (i32.const 16))
                (i64.const 0x4b33a62ed433d4a3)
                (local.get $seed)))))
        (local.set $a (i64.load (i32.sub (local.get $length) (i32.const 16))))
        (local.set $b (i64.load (i32.sub (local.get $length) (i32.const 8)))))
      (else
        (if (i32.ge_u (local.get $length) (i32.const 4))
          (then
            ;; Reads four bytes twice from each end. From 8 bytes on, the inner reads move by 4.
            (local.set $left (i32.sub (local.get $length) (i32.const 4)))
            (local.set $inner
              (i32.shl (i32.ge_u (local.get $length) (i32.const 8)) (i32.const 2)))
            (local.set $a
              (i64.or
                (i64.shl (i64.load32_u (i32.const 0)) (i64.const 32))
                (i64.load32_u (local.get $left))))
            (local.set $b
              (i64.or
                (i64.shl (i64.load32_u (local.get $inner)) (i64.const 32))
                (i64.load32_u (i32.sub (local.get $left) (local.get $inner))))))
          (else
            (if (local.get $length)
              (then
                (local.set $a
                  (i64.or
                    (i64.or
                      (i64.shl (i64.load8_u (i32.const 0)) (i64.const 56))
                      (i64.shl
                        (i64.load8_u (i32.shr_u (local.get $length) (i32.const 1)))
                        (i64.const 32)))
                    (i64.load8_u (i32.sub (local.get $length) (i32.const 1)))))))))))
    (call $multiply
      (i64.xor (local.get $a) (i64.const 0x8bb84b93962eacc9))
      (i64.xor (local.get $b) (local.get $seed)))
    (call $mix
      (i64.xor
        (i64.xor (global.get $low) (i64.const 0x2d358dccaa6c78a5))
        (i64.extend_i32_u (local.get $length)))
      (i64.xor (global.get $high) (i64.const 0x8bb84b93962eacc9))))

  ;; Returns the hash modulo 100, word by word: a division of 64 bits takes several times as long.
  (func (export "bucket") (param $length i32) (result i32)
    (local $hash i64)
    (local.set $hash (call $hash (local.get $length)))
    (i32.rem_u
      (i32.add
        (i32.mul
          (i32.rem_u
            (i32.wrap_i64 (i64.shr_u (local.get $hash) (i64.const 32)))
            (i32.const 100))
          ;; 2^32 mod 100
          (i32.const 96))
        (i32.rem_u (i32.wrap_i64 (local.get $hash)) (i32.const 100)))
      (i32.const 100)))

  ;; Returns the bucket of 10,000: the hash modulo 100, then the next two decimal digits of the hash.
  (func (export "fineBucket") (param $length i32) (result i32)
    (local $hash i64)
    (local $rest i32)
    (local.set $hash (call $hash (local.get $length)))
    (local.set $rest
      (i32.rem_u
        (i32.add
          (i32.mul
            (i32.rem_u
              (i32.wrap_i64 (i64.shr_u (local.get $hash) (i64.const 32)))
              (i32.const 10000))
            ;; 2^32 mod 10,000
            (i32.const 7296))
          (i32.rem_u (i32.wrap_i64 (local.get $hash)) (i32.const 10000)))
        (i32.const 10000)))
    (i32.add
      (i32.mul (i32.rem_u (local.get $rest) (i32.const 100)) (i32.const 100))
      (i32.div_u (local.get $rest) (i32.const 100)))))

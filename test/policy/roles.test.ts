import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isRole, permissions, permissionsOf, roleNames, rolesWith } from '../../src/policy/roles.ts';

describe('roles', () => {
  it('may all read numbers', () => {
    assert.deepEqual(rolesWith('read'), roleNames);
    assert.deepEqual(permissionsOf(['viewer']), ['read']);
  });

  it('show a person only to those who help one', () => {
    assert.deepEqual(rolesWith('preview'), ['agent', 'admin']);
    assert.deepEqual(rolesWith('reveal'), ['agent', 'admin']);
  });

  it('keep running, approving and auditing apart', () => {
    assert.deepEqual(rolesWith('control'), ['operator', 'admin']);
    assert.deepEqual(rolesWith('actOnBills'), ['operator', 'admin']);
    assert.deepEqual(rolesWith('approve'), ['approver', 'admin']);
    assert.deepEqual(rolesWith('audit'), ['auditor', 'admin']);
  });

  it('add up, each permission once', () => {
    const both = permissionsOf(['agent', 'operator']);
    assert.equal(new Set(both).size, both.length);
    assert.ok(both.includes('reveal') && both.includes('control') && !both.includes('audit'));
    assert.deepEqual(permissionsOf(['admin']), permissions);
  });

  it('are known by name only', () => {
    assert.ok(!isRole('toString') && !isRole('') && isRole('viewer'));
  });
});
